-- Every lead is scored by its primary model, exactly once.
select
    lead_stages.lead_id,
    count(scores.lead_id) as primary_scores
from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
left join {{ ref('lead_qualification', 'lead_scores') }} as scores
    on
        lead_stages.lead_id = scores.lead_id
        and scores.is_primary
        and lead_stages.scoring_model = scores.scoring_model
group by lead_stages.lead_id
having count(scores.lead_id) <> 1
