-- The range depends on no data, so that a period without leads is there too.
with

numbers as (

    {{ hundred_thousand_numbers() }}

),

days as (

    select cast({{ add_days("cast('2000-01-01 00:00:00' as timestamp)", 'number') }} as date) as day
    from numbers
    where {{ add_days("cast('2000-01-01 00:00:00' as timestamp)", 'number') }} <= {{ add_days(as_of(), 366) }}

)

select * from days
