with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

counted as (

    select
        channel,
        {{- funnel_counts(funnel_conditions()) }}
    from leads
    group by channel

),

conversion as (

    select
        counted.*,
        {{- funnel_rates_with_intervals() }},
        {{ as_of() }} as as_of
    from counted

)

select * from conversion
