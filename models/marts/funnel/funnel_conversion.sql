{%- set windows = [30, 60, 90, 180] -%}
{%- set targets = {'sql': 'sql_at', 'opportunity': 'opportunity_at', 'customer': 'customer_at'} -%}
with

members as (

    select * from {{ ref('int_funnel_members') }}

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
        {%- for target, reached_at in targets.items() %}
        {%- set outer_last = loop.last %}
        {%- for days in windows %}
        cast(count(
            case when {{ reached_at }} >= mql_at and {{ reached_at }} < {{ add_days('mql_at', days) }} then 1 end
        ) as integer) as mqls_to_{{ target }}_within_{{ days }}_days{{ ',' if not (outer_last and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from cohorts
    group by dimension, member, cohort_month

),

conversion as (

    select
        counted.*,
        {{- funnel_rates_with_intervals() }},
        {{ add_days(dbt.dateadd('month', 1, 'cast(counted.cohort_month as timestamp)'), 'settings.cohort_maturity_days') }}
        <= {{ as_of() }} as is_mature,
        {{ as_of() }} as as_of
    from counted
    cross join settings

)

select * from conversion
