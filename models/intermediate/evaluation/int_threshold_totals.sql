{{ config(materialized='view') }}

-- How well the score of each model parts the leads of each basis, and what the threshold of today passes.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_threshold_scores') }}

),

current_thresholds as (

    select
        scoring_model,
        min(min_score) as current_threshold
    from {{ current_policy('score_bands') }} as score_bands
    where is_qualifying
    group by scoring_model

),

ranked as (

    select
        scores.basis,
        scores.scoring_model,
        scores.score,
        scores.is_converted,
        current_thresholds.current_threshold,
        {{ score_ranks(['scores.basis', 'scores.scoring_model']) }}
    from scores
    left join current_thresholds on scores.scoring_model = current_thresholds.scoring_model

),

totals as (

    select
        basis,
        scoring_model,
        current_threshold,
        {{ score_performance() }},
        min(score) = max(score) as has_one_score,
        cast(count(case when score >= current_threshold then 1 end) as integer) as current_leads,
        cast(count(case when is_converted and score >= current_threshold then 1 end) as integer) as current_converted
    from ranked
    group by basis, scoring_model, current_threshold

)

select * from totals
