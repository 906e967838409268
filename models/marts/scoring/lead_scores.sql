with

timeline as (

    select * from {{ ref('int_score_timeline') }}
    where
        valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})

),

history as (

    select * from {{ ref('lead_score_history') }}

),

lead_models as (

    select * from {{ ref('int_lead_models') }}

),

fit as (

    select * from {{ ref('int_lead_fit') }}

),

scoring_models as (

    select * from {{ ref('scoring_models') }}

),

matrix as (

    select * from {{ ref('qualification_matrix') }}

),

adjustments as (

    select * from {{ ref('int_score_adjustments') }}

),

top_contributions as (

    select * from {{ ref('int_top_contributions') }}

),

engaged as (

    select
        lead_id,
        min(engaged_at) as first_engagement_at,
        max(engaged_at) as last_engagement_at
    from {{ ref('int_engagements') }}
    group by lead_id

),

next_steps as (

    select
        lead_id,
        scoring_model,
        valid_from as next_change_at,
        score as next_score,
        score_band as next_score_band,
        row_number() over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as step_rank
    from history
    where is_projected

),

scores as (

    select
        timeline.lead_id,
        timeline.scoring_model,
        lead_models.is_primary,
        {{ as_of() }} as as_of,
        timeline.fit_points,
        timeline.behaviour_points,
        timeline.behaviour_points_uncapped,
        timeline.intent_points,
        timeline.intent_points_uncapped,
        timeline.recency_multiplier,
        timeline.penalty_points,
        timeline.score,
        cast(
            greatest(scoring_models.min_score, timeline.score + coalesce(adjustments.adjustment_points, 0))
            as decimal(18, 4)
        ) as adjusted_score,
        timeline.score_band,
        timeline.score_level,
        timeline.grade,
        fit.criteria_matched,
        fit.criteria_unknown,
        matrix.stage as recommended_stage,
        matrix.action as recommended_action,
        engaged.first_engagement_at,
        engaged.last_engagement_at,
        {{ whole_days('engaged.last_engagement_at', as_of()) }} as days_since_engagement,
        next_steps.next_change_at,
        next_steps.next_score,
        next_steps.next_score_band,
        top_contributions.top_contributions
    from timeline
    inner join lead_models
        on
            timeline.lead_id = lead_models.lead_id
            and timeline.scoring_model = lead_models.scoring_model
    inner join fit
        on
            timeline.lead_id = fit.lead_id
            and timeline.scoring_model = fit.scoring_model
    inner join scoring_models on timeline.scoring_model = scoring_models.scoring_model
    inner join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level
    left join adjustments on timeline.lead_id = adjustments.lead_id
    left join top_contributions
        on
            timeline.lead_id = top_contributions.lead_id
            and timeline.scoring_model = top_contributions.scoring_model
    left join engaged on timeline.lead_id = engaged.lead_id
    left join next_steps
        on
            timeline.lead_id = next_steps.lead_id
            and timeline.scoring_model = next_steps.scoring_model
            and next_steps.step_rank = 1

)

select * from scores
