-- When each calendar is open, in UTC: the opening hours of every day that is not a holiday.
with

days as (

    select * from {{ ref('lead_qualification', 'int_calendar_days') }}

),

hours as (

    select * from {{ policy('business_hours') }}

),

holidays as (

    select * from {{ policy('holidays') }}

),

openings as (

    select
        hours.calendar,
        {{ utc_from_local(add_seconds('days.starts_at', '60 * ' ~ clock_minutes('hours.opens')), 'hours.time_zone') }} as opens_at,
        {{ utc_from_local(add_seconds('days.starts_at', '60 * ' ~ clock_minutes('hours.closes')), 'hours.time_zone') }} as closes_at
    from days
    inner join hours on mod(days.day_number, 7) + 1 = hours.weekday
    left join holidays
        on
            hours.calendar = holidays.calendar
            and cast(days.starts_at as date) = holidays.holiday
    where holidays.holiday is null

)

-- A clock change may leave nothing of an opening.
select * from openings
where closes_at > opens_at
