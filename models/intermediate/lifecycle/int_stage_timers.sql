-- The timer of each stage with the cooldown that its reason asks for.
with

timers as (

    select * from {{ policy('stage_timers') }}

),

reasons as (

    select * from {{ policy('disposition_reasons') }}

),

stage_timers as (

    select
        timers.stage,
        timers.timer_event,
        timers.after_days,
        timers.reason_code,
        coalesce(
            reasons.re_engage_days,
            {{ lifecycle_setting('default_re_engage_days') }}
        ) as re_engage_days
    from timers
    left join reasons on lower(timers.reason_code) = lower(reasons.reason_code)

)

select * from stage_timers
