with

rounds as (

    select * from {{ ref('lead_qualification', 'int_stage_machine') }}

),

reasons as (

    select * from {{ dated_policy('disposition_reasons') }} as disposition_reasons

),

regressions as (

    select
        rounds.lead_id,
        cast(row_number() over (
            partition by rounds.lead_id
            order by rounds.round
        ) as integer) as regression_number,
        rounds.occurred_at as regressed_at,
        previous_rounds.stage as from_stage,
        rounds.stage as to_stage,
        rounds.entered_by as event,
        rounds.reason_code,
        cast(settings.value as integer) as points,
        rounds.sets_cooldown_until as cooldown_until,
        reasons.nurture_track,
        rounds.regressions,
        coalesce(rounds.sets_cooldown_until > {{ as_of() }}, false) as is_cooling_down,
        {{ as_of() }} as as_of
    from rounds
    inner join rounds as previous_rounds
        on
            rounds.lead_id = previous_rounds.lead_id
            and rounds.round = previous_rounds.round + 1
    inner join {{ dated_policy('lifecycle_settings') }} as settings
        on
            settings.setting = 'regression_penalty_points'
            {{ and_in_force('settings', 'rounds.occurred_at') }}
    left join reasons
        on
            rounds.reason_code = lower(reasons.reason_code)
            {{ and_in_force('reasons', 'rounds.occurred_at') }}
    where rounds.is_regression

)

select * from regressions
