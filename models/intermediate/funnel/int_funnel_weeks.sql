{{ config(materialized='ephemeral') }}

-- MQLs by the week of their milestone, from the first week that a member has to that of as_of; a
-- week without any has a row too.
with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}
    where
        dimension in ('overall', 'channel', 'company_segment')
        and mql_at is not null

),

numbers as (

    {{ hundred_thousand_numbers() }}

),

counted as (

    select
        dimension,
        member,
        {{ start_of_week(report_time('mql_at')) }} as week_starts_at,
        count(*) as mqls,
        count(case when sql_at >= mql_at then 1 end) as mqls_to_sql
    from members
    group by dimension, member, {{ start_of_week(report_time('mql_at')) }}

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
    inner join numbers on {{ add_days('first_weeks.first_week', '7 * numbers.number') }} <= {{ report_time(as_of()) }}

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

)

select * from filled
