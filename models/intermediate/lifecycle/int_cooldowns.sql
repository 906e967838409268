{{ config(materialized='by_lead') }}

-- The latest cooldown that was set for a lead, and why; it may be over.
with

rounds as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by round desc
        ) as round_rank
    from {{ rows_of_this_run('int_stage_machine') }}
    where sets_cooldown_until is not null

),

reasons as (

    select * from {{ dated_policy('disposition_reasons') }} as disposition_reasons

),

cooldowns as (

    select
        rounds.lead_id,
        rounds.occurred_at as set_at,
        rounds.sets_cooldown_until as cooldown_until,
        rounds.reason_code,
        reasons.nurture_track
    from rounds
    left join reasons
        on
            rounds.reason_code = lower(reasons.reason_code)
            {{ and_in_force('reasons', 'rounds.occurred_at') }}
    where rounds.round_rank = 1

)

select * from cooldowns
