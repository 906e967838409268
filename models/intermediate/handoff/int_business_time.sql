-- Business time as a look-up: time without gaps, cut at every opening and every midnight UTC, with
-- the opening seconds before each cut. Opening time up to an instant is the seconds before its row
-- plus what is open of the row; a duration is the difference of two of them.
with

days as (

    select * from {{ ref('lead_qualification', 'int_calendar_days') }}

),

-- An opening may reach over midnight UTC, twice at most.
cut_openings as (

    select
        openings.calendar,
        greatest(
            openings.opens_at, {{ add_days('cast(cast(openings.opens_at as date) as timestamp)', 'midnights.number') }}
        ) as starts_at,
        least(
            openings.closes_at, {{ add_days('cast(cast(openings.opens_at as date) as timestamp)', 'midnights.number + 1') }}
        ) as closes_at
    from ({{ whole_numbers(0, 2) }}) as midnights
    cross join {{ ref('lead_qualification', 'int_business_hours') }} as openings

),

cuts as (

    select
        calendar,
        starts_at,
        {{ exact_seconds('starts_at', 'closes_at') }} as open_seconds
    from cut_openings
    where closes_at > starts_at
    union all
    select
        calendars.calendar,
        days.starts_at,
        cast(0 as decimal(18, 6)) as open_seconds
    from (select distinct calendar from {{ policy('business_hours') }}) as calendars
    cross join days

),

summed as (

    select
        calendar,
        starts_at,
        cast(sum(open_seconds) as decimal(18, 6)) as open_seconds
    from cuts
    group by calendar, starts_at

),

business_time as (

    select
        calendar,
        cast(starts_at as date) as day,
        starts_at,
        coalesce(
            lead(starts_at) over (partition by calendar order by starts_at),
            {{ never() }}
        ) as ends_at,
        open_seconds,
        cast(sum(open_seconds) over (
            partition by calendar
            order by starts_at
            rows between unbounded preceding and current row
        ) - open_seconds as decimal(18, 6)) as seconds_before
    from summed

)

select * from business_time
