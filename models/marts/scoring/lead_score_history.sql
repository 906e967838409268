{{ config(materialized='by_lead') }}

-- A row that passes from projected to past was due, so its lead is one of the run.
with

-- A row that repeats every value of the one before adds nothing.
changed as (

    select * from {{ rows_of_this_run('int_score_timeline') }}
    where is_change

),

history as (

    select
        lead_id,
        scoring_model,
        valid_from,
        lead(valid_from) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as valid_to,
        fit_points,
        behaviour_points,
        intent_points,
        recency_multiplier,
        penalty_points,
        score,
        score_band,
        score_level,
        grade,
        meaningful_signals,
        high_intent_signals,
        intent_signals,
        valid_from > {{ as_of() }} as is_projected
    from changed

)

select * from history
