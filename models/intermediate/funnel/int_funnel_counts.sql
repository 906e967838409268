{{ config(materialized='view') }}

-- How many leads of each cohort reached each step: cohorts of MQLs by mql_at, of all leads by first_seen_at.
{%- set conditions = cohort_conditions() %}
with

members as (

    select * from {{ ref('lead_qualification', 'int_funnel_members') }}

),

cohorts as (

    {% for basis, cohort_at in {'mql': 'mql_at', 'lead': 'first_seen_at'}.items() %}
    select
        *,
        '{{ basis }}' as cohort_basis,
        {{ month_of(cohort_at) }} as cohort_month
    from members
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Without a month, the leads that are in no cohort.
months as (

    select
        cohort_basis,
        dimension,
        member,
        cohort_month,
        {{- funnel_counts(conditions) }}
    from cohorts
    group by cohort_basis, dimension, member, cohort_month

),

counted as (

    select
        cohort_basis,
        dimension,
        member,
        cast(null as date) as cohort_month,
        {{- sums_of_funnel_counts(conditions) }}
    from months
    group by cohort_basis, dimension, member
    union all
    select * from months
    where cohort_month is not null

)

select * from counted
