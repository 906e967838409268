-- The project's own figure for each benchmark, over leads, hand-offs and target accounts whose first step is mature:
-- it lies between a year plus the maturity and the maturity before as_of.
with

benchmarks as (

    select * from {{ policy('benchmarks') }}

),

members as (

    select
        lead_id,
        case when dimension = 'company_segment' then 'company_size' else dimension end as dimension,
        member,
        mql_at,
        pql_at,
        sql_at,
        opportunity_at,
        customer_at
    from {{ ref('lead_qualification', 'int_funnel_members') }}

),

handoffs as (

    select * from {{ ref('lead_qualification', 'handoffs') }}

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

steps as (
    {% for metric, step in benchmark_metrics().items() %}
    select
        '{{ metric }}' as metric,
        dimension,
        member,
        {{ step.from_at }} as from_at,
        {{ step.to_at }} as to_at
    from members
    where {{ step.from_at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

lead_figures as (

    select
        metric,
        dimension,
        member,
        from_at,
        coalesce(to_at >= from_at, false) as is_converted,
        case
            when to_at >= from_at then cast({{ whole_days('from_at', 'to_at') }} as decimal(18, 4))
        end as measure
    from steps

),

handoff_figures as (

    select
        'rejection_rate' as metric,
        members.dimension,
        members.member,
        handoffs.handed_off_at as from_at,
        handoffs.disposition = 'rejected' as is_converted,
        cast(null as decimal(18, 4)) as measure
    from handoffs
    inner join members on handoffs.lead_id = members.lead_id
    where handoffs.disposition <> 'none'
    union all
    select
        'median_response_business_minutes' as metric,
        members.dimension,
        members.member,
        handoffs.handed_off_at as from_at,
        true as is_converted,
        handoffs.response_business_minutes as measure
    from handoffs
    inner join members on handoffs.lead_id = members.lead_id
    where
        handoffs.response_business_minutes is not null
        and not handoffs.is_begun_by_sales

),

account_figures as (

    select
        'account_engaged_to_pipeline_rate' as metric,
        'overall' as dimension,
        'all' as member,
        first_engaged_at as from_at,
        pipeline_at is not null as is_converted,
        cast(null as decimal(18, 4)) as measure
    from {{ ref('lead_qualification', 'int_target_accounts') }}
    where first_engaged_at is not null

),

figures as (

    select * from lead_figures
    union all
    select * from handoff_figures
    union all
    select * from account_figures

),

mature_figures as (

    select
        figures.metric,
        figures.dimension,
        figures.member,
        figures.is_converted,
        figures.measure
    from figures
    cross join settings
    where
        figures.from_at >= {{ add_days(as_of(), '-365 - settings.cohort_maturity_days') }}
        and figures.from_at < {{ add_days(as_of(), '-settings.cohort_maturity_days') }}

),

measured as (

    select
        benchmarks.benchmark_id,
        benchmarks.unit,
        count(mature_figures.metric) as counted,
        count(case when mature_figures.is_converted then 1 end) as converted,
        {{ percentile_cont('cast(mature_figures.measure as ' ~ type_double() ~ ')', 0.5) }} as median_measure
    from benchmarks
    left join mature_figures
        on
            benchmarks.metric = mature_figures.metric
            and benchmarks.dimension = mature_figures.dimension
            and benchmarks.member = mature_figures.member
    group by benchmarks.benchmark_id, benchmarks.unit

),

metrics as (

    select
        benchmark_id,
        cast(converted as integer) as numerator,
        cast(case when unit = 'ratio' then counted else converted end as integer) as denominator,
        case
            when unit = 'ratio' then {{ ratio('converted', 'counted') }}
            else cast(median_measure as {{ type_rate() }})
        end as actual,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'counted', '-') }} end as actual_low,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'counted', '+') }} end as actual_high
    from measured

)

select * from metrics
