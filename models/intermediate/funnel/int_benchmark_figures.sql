{{ config(materialized='ephemeral') }}

-- What benchmarks are measured by: the first steps of leads, hand-offs and target accounts, whether
-- the second followed, and how long it took. Long because each kind of figure is a branch of the
-- same shape.
with

members as (

    select
        lead_id,
        case when dimension = 'company_segment' then 'company_size' else dimension end as dimension,
        member,
        first_seen_at,
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

metrics as (

    {{ rows_of_names(benchmark_metrics(), 'metric') }}

),

steps as (

    select
        metrics.metric,
        members.dimension,
        members.member,
        {{ instant_of_metric('from_at') }} as from_at,
        {{ instant_of_metric('to_at') }} as to_at
    from members
    cross join metrics

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
    where from_at is not null

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

)

select * from figures
