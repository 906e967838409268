-- The timer of each stage, by profile, with the cooldown that its reason asks for: the timer of a stay is the one
-- in force when it began, its cooldown that of [fires_from, fires_to), in which it ends.
with

timers as (

    select * from {{ timers_by_profile() }} as stage_timers

),

fire_periods as (

    select * from {{ policy_periods(['disposition_reasons', 'lifecycle_settings']) }} as fire_periods

),

default_days as (

    select * from {{ dated_policy('lifecycle_settings') }} as lifecycle_settings
    where setting = 'default_re_engage_days'

),

reasons as (

    select * from {{ dated_policy('disposition_reasons') }} as disposition_reasons

),

stage_timers as (

    select
        timers.timer_profile,
        timers.stage,
        timers.timer_event,
        timers.after_days,
        timers.reason_code,
        coalesce(reasons.re_engage_days, default_days.value) as re_engage_days,
        timers.in_force_from,
        timers.in_force_to,
        fire_periods.period_from as fires_from,
        fire_periods.period_to as fires_to
    from timers
    cross join fire_periods
    inner join default_days
        on
            fire_periods.period_from >= default_days.in_force_from
            and fire_periods.period_from < default_days.in_force_to
    left join reasons
        on
            lower(timers.reason_code) = lower(reasons.reason_code)
            and fire_periods.period_from >= reasons.in_force_from
            and fire_periods.period_from < reasons.in_force_to

)

select * from stage_timers
