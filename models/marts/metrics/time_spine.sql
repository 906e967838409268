-- The range depends on no data and no clock, so that a period without leads is there too.
with

numbers as (

    {{ hundred_thousand_numbers() }}

),

days as (

    select cast({{ add_days("cast('2000-01-01 00:00:00' as timestamp)", 'number') }} as date) as day
    from numbers
    where {{ add_days("cast('2000-01-01 00:00:00' as timestamp)", 'number') }} < cast('2050-01-01 00:00:00' as timestamp)

)

select * from days
