-- Is the threshold right, and does a higher score mean a better lead?
-- Asked by: marketing operations, each quarter.
-- How to read: current_rate is how often leads above today's threshold had the outcome of the basis (an
-- opportunity in time, or a deal that was won), target_rate how often they should. A recommended
-- threshold is the lowest that reaches the target; unreachable means that none does, no_separation that
-- the score does not tell leads apart, so that the points have to change and not the threshold. auc is
-- the share of pairs in which the lead that converted had the higher score: 0.5 is chance.
-- What another threshold would pass: what_if_threshold.
-- dbt show --limit 99 --select threshold_check
select
    scoring_model,
    basis,
    current_threshold,
    current_leads,
    current_rate,
    current_low,
    current_high,
    target_rate,
    recommended_threshold,
    recommended_leads,
    recommended_rate,
    jump_threshold,
    verdict,
    auc,
    auc_low,
    auc_high
from {{ ref('lead_qualification', 'threshold_recommendation') }}
order by scoring_model asc, basis desc
