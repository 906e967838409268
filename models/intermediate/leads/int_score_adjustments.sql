{{ config(materialized='ephemeral') }}

-- Leads whose displayed score is lowered: the cooldown of their latest regression still runs.
with

regressions as (

    select
        lead_id,
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
        lead_id,
        cast({{ lifecycle_setting('regression_penalty_points') }} as decimal(18, 4)) as adjustment_points
    from regressions
    where
        regression_rank = 1
        and sets_cooldown_until > {{ as_of() }}

)

select * from adjustments
