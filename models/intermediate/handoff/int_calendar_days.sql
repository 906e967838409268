-- The days that business time covers: from the Monday of the week before the first hand-off to a
-- year after as_of. day_number 0 is a Monday, so that it tells the weekday.
with

digits as (

    {{ whole_numbers(0, 9) }}

),

first_mondays as (

    select
        {{ add_days('cast(' ~ week_of('coalesce(min(handed_off_at), ' ~ as_of() ~ ')') ~ ' as timestamp)', '-7') }} as first_monday
    from {{ ref('int_handoffs') }}

),

numbers as (

    select
        10000 * ten_thousands.number + 1000 * thousands.number
        + 100 * hundreds.number + 10 * tens.number + ones.number as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

),

days as (

    select
        cast(numbers.day_number as integer) as day_number,
        {{ add_days('first_mondays.first_monday', 'numbers.day_number') }} as starts_at
    from numbers
    cross join first_mondays
    where {{ add_days('first_mondays.first_monday', 'numbers.day_number') }} < {{ add_days(as_of(), 366) }}

)

select * from days
