{{ config(materialized='view') }}

-- How many leads of each cohort reached each step: cohorts of MQLs by mql_at, of all leads by first_seen_at.
with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}

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

)

select * from counted
