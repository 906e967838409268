{{ config(materialized=kept_as_view()) }}

with

timeline as (

    select * from {{ ref('lead_qualification', 'int_score_timeline') }}

),

history as (

    select
        lead_id,
        scoring_model,
        valid_from,
        valid_to,
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
    from timeline

)

select * from history
