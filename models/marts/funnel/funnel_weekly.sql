with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}
    where
        dimension in ('overall', 'channel', 'company_segment')
        and mql_at is not null

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

numbers as (

    {{ hundred_thousand_numbers() }}

),

counted as (

    select
        dimension,
        member,
        {{ start_of_week('mql_at') }} as week_starts_at,
        count(*) as mqls,
        count(case when sql_at >= mql_at then 1 end) as mqls_to_sql
    from members
    group by dimension, member, {{ start_of_week('mql_at') }}

),

first_weeks as (

    select
        dimension,
        member,
        min(week_starts_at) as first_week
    from counted
    group by dimension, member

),

weeks as (

    select
        first_weeks.dimension,
        first_weeks.member,
        {{ add_days('first_weeks.first_week', '7 * numbers.number') }} as week_starts_at
    from first_weeks
    inner join numbers on {{ add_days('first_weeks.first_week', '7 * numbers.number') }} <= {{ as_of() }}

),

filled as (

    select
        weeks.dimension,
        weeks.member,
        weeks.week_starts_at,
        cast(coalesce(counted.mqls, 0) as integer) as mqls,
        cast(coalesce(counted.mqls_to_sql, 0) as integer) as mqls_to_sql
    from weeks
    left join counted
        on
            weeks.dimension = counted.dimension
            and weeks.member = counted.member
            and weeks.week_starts_at = counted.week_starts_at

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
    from filled

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
        {{ add_days('running.week_starts_at', '7 + settings.cohort_maturity_days') }} <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from running
    cross join settings

)

select * from weekly
