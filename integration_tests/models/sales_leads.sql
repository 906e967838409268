-- What a host project does with the public tables.
select
    stages.lead_id,
    stages.stage,
    scores.score,
    {{ lead_qualification.as_of() }} as as_of
from {{ ref('lead_qualification', 'lead_stages') }} as stages
inner join {{ ref('lead_qualification', 'lead_scores') }} as scores
    on stages.lead_id = scores.lead_id and scores.is_primary
