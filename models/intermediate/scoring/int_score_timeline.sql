{{ config(materialized='view') }}

-- The score as a step function, with the fit of the lead and the band of the score.
with

steps as (

    select * from {{ ref('lead_qualification', 'int_score_steps') }}

),

fit as (

    select * from {{ ref('lead_qualification', 'int_lead_fit') }}

),

bands as (

    select
        scoring_model,
        score_band,
        score_level,
        min_score,
        lead(min_score) over (partition by scoring_model order by min_score) as below_score
    from {{ policy('score_bands') }}

),

timeline as (

    select
        steps.lead_id,
        fit.scoring_model,
        steps.score_key,
        steps.valid_from,
        steps.valid_to,
        fit.fit_points,
        steps.behaviour_points,
        steps.intent_points,
        steps.recency_multiplier,
        steps.penalty_points,
        steps.score,
        bands.score_band,
        bands.score_level,
        fit.grade,
        fit.grade_rank,
        steps.meaningful_signals,
        steps.high_intent_signals,
        steps.intent_signals
    from steps
    inner join fit on steps.score_key = fit.score_key
    inner join bands
        on
            fit.scoring_model = bands.scoring_model
            and steps.score >= bands.min_score
            and (steps.score < bands.below_score or bands.below_score is null)

)

select * from timeline
