-- What marketing promised sales, month by month, and what it delivered. Long because each target has a
-- count and a verdict of its own.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

delivered as (

    select
        {{ month_of('mql_at') }} as target_month,
        cast(count(*) as integer) as mqls,
        cast(count(case when opportunity_at >= mql_at then 1 end) as integer) as mqls_to_opportunity
    from leads
    where mql_at is not null
    group by {{ month_of('mql_at') }}

),

qualified as (

    select
        {{ month_of('sql_at') }} as target_month,
        cast(count(*) as integer) as sqls
    from leads
    where sql_at is not null
    group by {{ month_of('sql_at') }}

),

created as (

    select
        {{ month_of('created_at') }} as target_month,
        sum(amount) as pipeline
    from {{ ref('lead_qualification', 'int_opportunities') }}
    where is_holder
    group by {{ month_of('created_at') }}

),

promised as (

    select
        coalesce(targets.target_month, delivered.target_month) as target_month,
        {{ instant_of_report(add_months(
            'cast(coalesce(targets.target_month, delivered.target_month) as timestamp)', 1
        )) }} as month_ends_at,
        targets.target_mqls,
        targets.min_mql_to_opportunity_rate,
        targets.sql_target,
        targets.pipeline_target,
        coalesce(delivered.mqls, 0) as mqls,
        coalesce(delivered.mqls_to_opportunity, 0) as mqls_to_opportunity
    from {{ policy('mql_targets') }} as targets
    full outer join delivered on targets.target_month = delivered.target_month

),

counted as (

    select
        promised.*,
        coalesce(qualified.sqls, 0) as sqls,
        cast(coalesce(created.pipeline, 0) as {{ type_money() }}) as pipeline
    from promised
    left join qualified on promised.target_month = qualified.target_month
    left join created on promised.target_month = created.target_month

),

rated as (

    select
        counted.target_month,
        counted.target_mqls,
        counted.mqls,
        {{ ratio('counted.mqls', 'counted.target_mqls') }} as delivered_share,
        counted.min_mql_to_opportunity_rate,
        counted.mqls_to_opportunity,
        {{ rate_with_interval('mql_to_opportunity_rate', 'counted.mqls_to_opportunity', 'counted.mqls') }},
        counted.sql_target,
        counted.sqls,
        cast(counted.pipeline_target as {{ type_money() }}) as pipeline_target,
        counted.pipeline,
        {{ instant_of_report('cast(counted.target_month as timestamp)') }} > {{ as_of() }} as is_ahead,
        counted.month_ends_at > {{ as_of() }} as is_running,
        {{ add_days('counted.month_ends_at', 'cast(' ~ lifecycle_setting('cohort_maturity_days') ~ ' as integer)') }}
        <= {{ as_of() }} as is_mature,
        {{ lifecycle_setting('minimum_sample') }} as minimum_sample
    from counted

),

agreement as (

    select
        target_month,
        target_mqls,
        mqls,
        delivered_share,
        min_mql_to_opportunity_rate,
        mqls_to_opportunity,
        mql_to_opportunity_rate,
        mql_to_opportunity_low,
        mql_to_opportunity_high,
        is_mature,
        case
            when target_mqls is null then 'no_target'
            when is_ahead then 'not_started'
            when is_running then 'in_progress'
            when
                is_mature
                and mqls >= minimum_sample
                and (mqls_to_opportunity = 0 or mql_to_opportunity_rate < min_mql_to_opportunity_rate)
                then 'quality_missed'
            when mqls < target_mqls then 'volume_missed'
            when not is_mature then 'immature'
            when mqls < minimum_sample then 'insufficient_data'
            else 'met'
        end as verdict,
        sql_target,
        sqls,
        {{ verdict_of_target('sql_target', 'sqls') }} as sql_verdict,
        pipeline_target,
        pipeline,
        {{ verdict_of_target('pipeline_target', 'pipeline') }} as pipeline_verdict,
        {{ as_of() }} as as_of
    from rated

)

select * from agreement
