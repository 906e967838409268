-- The project's own figure for each benchmark, over leads whose first step is mature:
-- it lies between a year plus the maturity and the maturity before as_of.
with

benchmarks as (

    select * from {{ ref('benchmarks') }}

),

members as (

    select * from {{ ref('int_funnel_members') }}

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

steps as (
    {% for metric, step in benchmark_metrics().items() %}
    select
        '{{ metric }}' as metric,
        case when dimension = 'company_segment' then 'company_size' else dimension end as dimension,
        member,
        {{ step.from_at }} as from_at,
        {{ step.to_at }} as to_at
    from members
    where {{ step.from_at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

mature_steps as (

    select
        steps.metric,
        steps.dimension,
        steps.member,
        steps.to_at >= steps.from_at as is_converted,
        case
            when steps.to_at >= steps.from_at
                then {{ whole_days('steps.from_at', 'steps.to_at') }}
        end as days
    from steps
    cross join settings
    where
        steps.from_at >= {{ add_days(as_of(), '-365 - settings.cohort_maturity_days') }}
        and steps.from_at < {{ add_days(as_of(), '-settings.cohort_maturity_days') }}

),

measured as (

    select
        benchmarks.benchmark_id,
        benchmarks.unit,
        count(mature_steps.metric) as leads,
        count(case when mature_steps.is_converted then 1 end) as converted,
        percentile_cont(0.5) within group (order by mature_steps.days) as median_days
    from benchmarks
    left join mature_steps
        on
            benchmarks.metric = mature_steps.metric
            and benchmarks.dimension = mature_steps.dimension
            and benchmarks.member = mature_steps.member
    group by benchmarks.benchmark_id, benchmarks.unit

),

metrics as (

    select
        benchmark_id,
        cast(converted as integer) as numerator,
        cast(case when unit = 'ratio' then leads else converted end as integer) as denominator,
        case
            when unit = 'ratio' then {{ ratio('converted', 'leads') }}
            when unit = 'days' then cast(median_days as decimal(18, 10))
        end as actual,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'leads', '-') }} end as actual_low,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'leads', '+') }} end as actual_high
    from measured

)

select * from metrics
