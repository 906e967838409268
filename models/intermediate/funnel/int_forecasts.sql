-- Each forecast with its 80 % interval. Long because it is widened by its own back-tests, those that were decided by
-- then, and each column is rounded from what was not.
with

forecasts as (

    select * from {{ ref('lead_qualification', 'int_forecast_sums') }}

),

tested as (

    select
        forecasts.months_back,
        forecasts.month,
        forecasts.step,
        count(back_tests.step) as back_tests,
        sum(power(cast(back_tests.reached - back_tests.expected as {{ type_double() }}), 2)) as squared_errors,
        cast(sum(back_tests.variance) as {{ type_double() }}) as variances
    from forecasts
    left join forecasts as back_tests
        on
            forecasts.month = back_tests.month
            and forecasts.step = back_tests.step
            and forecasts.forecast_at >= back_tests.until_at
            and forecasts.months_back < back_tests.months_back
            and forecasts.months_back >= back_tests.months_back - {{ back_tested_months() }}
    group by forecasts.months_back, forecasts.month, forecasts.step

),

widened as (

    select
        forecasts.*,
        tested.back_tests,
        case
            when tested.squared_errors > tested.variances and tested.variances > 0
                then tested.squared_errors / tested.variances
            else 1
        end as widened_by
    from forecasts
    inner join tested
        on
            forecasts.months_back = tested.months_back
            and forecasts.month = tested.month
            and forecasts.step = tested.step

),

measured as (

    select
        *,
        cast(
            1.2815515655446004 * sqrt(cast(variance as {{ type_double() }}) * widened_by)
            as {{ type_rate(28) }}
        ) as half_width
    from widened

),

with_interval as (

    select
        months_back,
        forecast_on,
        month,
        step,
        until_at,
        cast(leads as integer) as leads,
        {{ two_decimals('expected') }} as expected,
        {{ two_decimals('greatest(0, expected - half_width)') }} as expected_low,
        {{ two_decimals('least(leads, expected + half_width)') }} as expected_high,
        {{ two_decimals('variance') }} as variance,
        {{ two_decimals('widened_by') }} as widened_by,
        cast(back_tests as integer) as back_tests,
        case when until_at <= {{ as_of() }} then cast(reached as integer) end as reached
    from measured

)

select * from with_interval
