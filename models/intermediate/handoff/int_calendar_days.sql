-- The days that business time covers: from the Monday of the week before the first hand-off to a
-- year after as_of. day_number 0 is a Monday, so that it tells the weekday.
with

first_mondays as (

    select
        {{ add_days(start_of_week('coalesce(min(handed_off_at), ' ~ as_of() ~ ')'), '-7') }} as first_monday
    from {{ ref('lead_qualification', 'int_handoffs') }}

),

numbers as (

    {{ hundred_thousand_numbers() }}

),

days as (

    select
        cast(numbers.number as integer) as day_number,
        {{ add_days('first_mondays.first_monday', 'numbers.number') }} as starts_at
    from numbers
    cross join first_mondays
    where {{ add_days('first_mondays.first_monday', 'numbers.number') }} < {{ add_days(as_of(), 366) }}

)

select * from days
