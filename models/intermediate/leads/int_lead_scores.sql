{{ config(materialized='by_lead') }}

-- Each score at as_of with what to say of it, but for what moves with the clock alone. Long
-- by its columns.
with

current_scores as (

    select * from {{ rows_of_this_run('int_current_scores') }}

),

engaged as (

    select
        lead_id,
        min(engaged_at) as first_engagement_at,
        max(engaged_at) as last_engagement_at
    from {{ rows_of_this_run('int_engagements') }}
    group by lead_id

),

next_steps as (

    select
        lead_id,
        scoring_model,
        valid_from as next_change_at,
        score as next_score,
        score_band as next_score_band,
        row_number() over (partition by lead_id, scoring_model order by valid_from) as step_rank
    from {{ rows_of_this_run('lead_score_history') }}
    where is_projected

),

scores as (

    select
        current_scores.lead_id,
        current_scores.scoring_model,
        current_scores.is_primary,
        current_scores.fit_points,
        current_scores.behaviour_points,
        current_scores.behaviour_points_uncapped,
        current_scores.intent_points,
        current_scores.intent_points_uncapped,
        current_scores.recency_multiplier,
        current_scores.penalty_points,
        current_scores.score,
        cast(
            greatest(current_scores.min_score, current_scores.score + coalesce(adjustments.adjustment_points, 0))
            as decimal(18, 4)
        ) as adjusted_score,
        current_scores.score_band,
        current_scores.score_level,
        current_scores.grade,
        current_scores.criteria_matched,
        current_scores.criteria_unknown,
        current_scores.recommended_stage,
        current_scores.recommended_action,
        engaged.first_engagement_at,
        engaged.last_engagement_at,
        case
            when current_scores.valid_to < coalesce(next_steps.next_change_at, {{ never() }}) then current_scores.valid_to
            else next_steps.next_change_at
        end as next_change_at,
        case
            when coalesce(current_scores.valid_to < next_steps.next_change_at, false) then null
            else next_steps.next_score
        end as next_score,
        case
            when coalesce(current_scores.valid_to < next_steps.next_change_at, false) then null
            else next_steps.next_score_band
        end as next_score_band,
        top_contributions.top_contributions
    from current_scores
    left join {{ ref('lead_qualification', 'int_score_adjustments') }} as adjustments on current_scores.lead_id = adjustments.lead_id
    left join {{ rows_of_this_run('int_top_contributions', 'top_contributions') }}
        on {{ same_score('current_scores', 'top_contributions') }}
    left join engaged on current_scores.lead_id = engaged.lead_id
    left join next_steps
        on
            {{ same_score('current_scores', 'next_steps') }}
            and next_steps.step_rank = 1

)

select * from scores
