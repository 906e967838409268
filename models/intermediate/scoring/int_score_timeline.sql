{{ config(materialized=kept_as_view()) }}

-- The score as a step function, with the fit of the lead and the band of the score.
with

steps as (

    select * from {{ ref('lead_qualification', 'int_score_steps') }}

),

fit as (

    select * from {{ ref('lead_qualification', 'int_lead_fit') }}

),

bands as (

    select * from {{ numbered_score_bands() }} as score_bands

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
    inner join fit
        on
            steps.score_key = fit.score_key
            {%- if has_history() %}
            and steps.valid_from >= fit.valid_from
            and steps.valid_from < fit.valid_to
            {%- else %}
            and true
            {%- endif %}
    inner join bands on steps.band_number = bands.band_number

)

select * from timeline
