{{ config(materialized='view') }}

-- The moment of the scores is a time of the reports, as that of every metric.
with

metric_scores as (

    select
        lead_id,
        scoring_model,
        is_primary,
        grade,
        score_band,
        recommended_action,
        score,
        {{ report_time('as_of') }} as as_of_local
    from {{ ref('lead_qualification', 'lead_scores') }}

)

select * from metric_scores
