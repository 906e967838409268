{{ config(materialized='ephemeral') }}

-- Leads whose displayed score is lowered: the cooldown of their latest regression still runs.
with

regressions as (

    select
        lead_id,
        occurred_at,
        sets_cooldown_until,
        row_number() over (
            partition by lead_id
            order by round desc
        ) as regression_rank
    from {{ rows_of_this_run('int_stage_machine') }}
    where is_regression

),

adjustments as (

    select
        regressions.lead_id,
        cast(settings.value as decimal(18, 4)) as adjustment_points
    from regressions
    inner join {{ dated_policy('lifecycle_settings') }} as settings
        on
            settings.setting = 'regression_penalty_points'
            {{ and_in_force('settings', 'regressions.occurred_at') }}
    where
        regressions.regression_rank = 1
        and regressions.sets_cooldown_until > {{ as_of() }}

)

select * from adjustments
