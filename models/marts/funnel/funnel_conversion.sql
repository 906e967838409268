with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

cohorts as (

    select
        *,
        cast(null as date) as cohort_month
    from members
    union all
    select
        *,
        {{ month_of('mql_at') }} as cohort_month
    from members
    where mql_at is not null

),

counted as (

    select
        dimension,
        member,
        cohort_month,
        {{- funnel_counts() }},
        {{- conversions_within_days() }}
    from cohorts
    group by dimension, member, cohort_month

),

conversion as (

    select
        counted.*,
        {{- funnel_rates_with_intervals() }},
        {{ add_days(add_months('cast(counted.cohort_month as timestamp)', 1), 'settings.cohort_maturity_days') }}
        <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from counted
    cross join settings

)

select * from conversion
