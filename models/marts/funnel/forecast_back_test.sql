with

forecasts as (

    select * from {{ ref('lead_qualification', 'int_forecasts') }}
    where
        months_back > 0
        and months_back <= {{ back_tested_months() }}

),

back_test as (

    select
        forecast_on,
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
        reached,
        cast(reached - expected as decimal(18, 2)) as error,
        case
            when reached is null then 'not_decided'
            when reached < expected_low then 'below'
            when reached > expected_high then 'above'
            else 'held'
        end as verdict,
        {{ as_of() }} as as_of
    from forecasts

)

select * from back_test
