with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

cohorts as (

    {% for basis, cohort_at in {'mql': 'mql_at', 'lead': 'first_seen_at'}.items() %}
    select
        *,
        '{{ basis }}' as cohort_basis,
        cast(null as date) as cohort_month
    from members
    union all
    select
        *,
        '{{ basis }}' as cohort_basis,
        {{ month_of(cohort_at) }} as cohort_month
    from members
    where {{ cohort_at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select
        cohort_basis,
        dimension,
        member,
        cohort_month,
        {{- funnel_counts() }},
        {{- conversions_within_days() }}
    from cohorts
    group by cohort_basis, dimension, member, cohort_month

),

conversion as (

    select
        counted.*,
        {{- funnel_rates_with_intervals() }},
        {{ add_days(instant_of_report(add_months('cast(counted.cohort_month as timestamp)', 1)), 'settings.cohort_maturity_days') }}
        <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from counted
    cross join settings

)

select * from conversion
