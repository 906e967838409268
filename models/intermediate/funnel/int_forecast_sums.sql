-- How many leads wait for each step, how many are expected at it, and how many reached it: from as_of, and from the
-- month starts before, from the first on at which anybody was there.
with

ahead as (

    {{ steps_and_months() }}

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

forecasts as (

    select
        instants.months_back,
        instants.month as forecast_on,
        instants.forecast_at,
        ahead.month,
        ahead.step,
        {{ add_days('instants.forecast_at', '30 * ahead.month') }} as until_at,
        coalesce(sums.leads, 0) as leads,
        coalesce(sums.reached, 0) as reached,
        cast(coalesce(sums.expected, 0) as {{ type_rate(28) }}) as expected,
        cast(coalesce(sums.variance, 0) as {{ type_rate(28) }}) as variance
    from instants
    cross join ahead
    left join sums
        on
            instants.months_back = sums.months_back
            and ahead.month = sums.month
            and ahead.step = sums.step
    where instants.months_back <= (select coalesce(max(rates.months_back), 0) from rates)

)

select * from forecasts
