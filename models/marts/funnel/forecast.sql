with

forecasts as (

    select * from {{ ref('lead_qualification', 'int_forecasts') }}
    where months_back = 0

),

forecast as (

    select
        month,
        step,
        until_at,
        leads,
        expected,
        expected_low,
        expected_high,
        variance,
        widened_by,
        back_tests,
        {{ as_of() }} as as_of
    from forecasts

)

select * from forecast
