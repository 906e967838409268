-- What were the scores of a lead at an instant, and how much of each is still to come off?
-- dbt show --select score_at --vars '{lead_id: "L000326", at: "2026-05-01 09:00:00"}'
select
    lead_id,
    scoring_model,
    score,
    score_band,
    grade,
    fit_points,
    behaviour_points,
    intent_points,
    recency_multiplier,
    penalty_points,
    valid_from,
    valid_to
from {{ ref('lead_qualification', 'lead_score_history') }}
where
    lead_id = '{{ var("lead_id", "L000326") }}'
    and valid_from <= cast('{{ var("at", "2026-05-01 09:00:00") }}' as timestamp)
    and (valid_to is null or valid_to > cast('{{ var("at", "2026-05-01 09:00:00") }}' as timestamp))
order by scoring_model
