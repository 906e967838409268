with

counted as (

    select * from {{ ref('lead_qualification', 'int_funnel_counts') }}

),

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

conversion as (

    select
        counted.cohort_basis,
        counted.dimension,
        counted.member,
        counted.cohort_month,
        {% for name in cohort_conditions() -%}
        counted.{{ name }},
        {% endfor -%}
        {{ funnel_rates_with_intervals() | trim }},
        {{ add_days(instant_of_report(add_months('cast(counted.cohort_month as timestamp)', 1)), 'settings.cohort_maturity_days') }}
        <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from counted
    cross join settings

)

select * from conversion
