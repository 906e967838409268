-- Which patterns of signals predict conversion. Long because the derived signals of the policy and those
-- of velocity are judged side by side.
with

points as (

    select * from {{ ref('lead_qualification', 'evaluation_points') }}
    where is_mature

),

completed as (

    select * from {{ ref('lead_qualification', 'int_evaluation_patterns') }}

),

velocity as (

    select * from {{ ref('lead_qualification', 'int_evaluation_velocity') }}

),

settings as (

    select cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample

),

patterns as (

    select
        signal as pattern,
        kind,
        description
    from {{ policy('derived_signals') }}
    union all
    {{ velocity_pattern_rows() }}

),

had as (

    select
        lead_id,
        pattern
    from completed
    union all
    select
        lead_id,
        {{ velocity_pattern() }} as pattern
    from velocity

),

totals as (

    select
        count(*) as leads,
        count(case when is_converted then 1 end) as converted
    from points

),

seen as (

    select
        had.pattern,
        count(*) as leads_with,
        count(case when points.is_converted then 1 end) as converted_with
    from had
    inner join points on had.lead_id = points.lead_id
    group by had.pattern

),

counts as (

    select
        patterns.pattern,
        patterns.kind,
        patterns.description,
        {{ with_and_without() }}
    from patterns
    cross join totals
    left join seen on patterns.pattern = seen.pattern

),

figures as (

    select
        *,
        {{ lift_figures() }}
    from counts

),

verdicts as (

    select
        figures.*,
        {{ verdict_of_z('figures.z_score', 'figures.leads_with', 'figures.leads_without', 'predicts_more', 'predicts_less', 'unclear') }}
            as verdict,
        {{ as_of() }} as as_of
    from figures
    cross join settings

)

select * from verdicts
