with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

running as (

    select
        *,
        cast(sum(mqls) over (
            partition by dimension, member
            order by week_starts_at
            rows between 3 preceding and current row
        ) as integer) as four_week_mqls,
        cast(sum(mqls_to_sql) over (
            partition by dimension, member
            order by week_starts_at
            rows between 3 preceding and current row
        ) as integer) as four_week_mqls_to_sql
    from {{ ref('lead_qualification', 'int_funnel_weeks') }}

),

weekly as (

    select
        running.dimension,
        running.member,
        cast(running.week_starts_at as date) as week_start,
        running.mqls,
        running.mqls_to_sql,
        {{ rate_with_interval('mql_to_sql_rate', 'running.mqls_to_sql', 'running.mqls') }},
        running.four_week_mqls,
        running.four_week_mqls_to_sql,
        {{ rate_with_interval('four_week_rate', 'running.four_week_mqls_to_sql', 'running.four_week_mqls') }},
        {{ add_days(instant_of_report(add_days('running.week_starts_at', 7)), 'settings.cohort_maturity_days') }}
        <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from running
    cross join settings

)

select * from weekly
