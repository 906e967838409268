-- Each forecast with its interval: from as_of, and from the month starts before.
with

steps as (

    {{ rows_of_names(forecast_steps(), 'step') }}

),

horizons as (

    {{ whole_numbers(1, forecast_horizons() | max) }}

),

instants as (

    select * from {{ ref('lead_qualification', 'int_forecast_instants') }}

),

rates as (

    select * from {{ ref('lead_qualification', 'int_forecast_rates') }}

),

sums as (

    select
        months_back,
        month,
        step,
        sum(leads) as leads,
        sum(reached) as reached,
        sum(leads * rate) as expected,
        sum(leads * cast(rate * (1 - rate) as {{ type_rate() }})) as variance
    from rates
    group by months_back, month, step

),

-- From the first month start on at which anybody was there.
forecasts as (

    select
        instants.months_back,
        instants.month as forecast_on,
        instants.forecast_at,
        horizons.number as month,
        steps.step,
        {{ add_days('instants.forecast_at', '30 * horizons.number') }} as until_at,
        coalesce(sums.leads, 0) as leads,
        coalesce(sums.reached, 0) as reached,
        cast(coalesce(sums.expected, 0) as {{ type_rate(38) }}) as expected,
        cast(coalesce(sums.variance, 0) as {{ type_rate(38) }}) as variance
    from instants
    cross join horizons
    cross join steps
    left join sums
        on
            instants.months_back = sums.months_back
            and horizons.number = sums.month
            and steps.step = sums.step
    where instants.months_back <= (select coalesce(max(months_back), 0) from rates)

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
            as {{ type_rate(38) }}
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
