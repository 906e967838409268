with

scores as (

    select
        lead_id,
        scoring_model,
        is_primary,
        {{ as_of() }} as as_of,
        fit_points,
        behaviour_points,
        behaviour_points_uncapped,
        intent_points,
        intent_points_uncapped,
        recency_multiplier,
        penalty_points,
        score,
        adjusted_score,
        score_band,
        score_level,
        grade,
        criteria_matched,
        criteria_unknown,
        recommended_stage,
        recommended_action,
        first_engagement_at,
        last_engagement_at,
        {{ whole_days('last_engagement_at', as_of()) }} as days_since_engagement,
        next_change_at,
        next_score,
        next_score_band,
        top_contributions
    from {{ ref('lead_qualification', 'int_lead_scores') }}

)

select * from scores
