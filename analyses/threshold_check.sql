-- Is the threshold right, and does a higher score mean a better lead?
-- Asked by: marketing operations, each quarter.
-- How to read: current_rate is how often leads above today's threshold had an opportunity in time,
-- target_rate how often they should. A recommended threshold is the lowest that reaches the target;
-- unreachable means that none does, so that the points have to change and not the threshold. auc is
-- the share of pairs in which the lead that converted had the higher score: 0.5 is chance.
-- What another threshold would pass: what_if_threshold.
-- dbt show --limit 99 --select threshold_check
with

recommendations as (

    select * from {{ ref('lead_qualification', 'threshold_recommendation') }}

),

champions as (

    select * from {{ ref('lead_qualification', 'model_comparison') }}
    where is_champion

)

select
    recommendations.scoring_model,
    recommendations.current_threshold,
    recommendations.current_leads,
    recommendations.current_rate,
    recommendations.current_low,
    recommendations.current_high,
    recommendations.target_rate,
    recommendations.recommended_threshold,
    recommendations.recommended_leads,
    recommendations.recommended_rate,
    recommendations.verdict,
    champions.auc,
    champions.auc_low,
    champions.auc_high
from recommendations
left join champions on recommendations.scoring_model = champions.scoring_model
order by recommendations.scoring_model
