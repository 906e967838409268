-- The instants that are forecast from: as_of, and the month starts before the month of as_of. Twice as many as are
-- reported, so that each back-test has back-tests of its own, as a build with that clock would.
with

numbers as (

    {{ whole_numbers(0, 2 * back_tested_months()) }}

),

months as (

    select
        number as months_back,
        {{ add_months('cast(' ~ month_of(as_of()) ~ ' as timestamp)', '-number') }} as first_local
    from numbers

),

instants as (

    select
        months_back,
        cast(first_local as date) as month,
        case
            when months_back = 0 then {{ as_of() }}
            else {{ instant_of_report('first_local') }}
        end as forecast_at
    from months

)

select * from instants
