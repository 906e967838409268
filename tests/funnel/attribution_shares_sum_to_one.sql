-- The shares of an opportunity sum to exactly 1 in each attribution model.
select
    opportunity_id,
    attribution_model,
    sum(share) as total
from {{ ref('lead_qualification', 'int_attribution_shares') }}
group by opportunity_id, attribution_model
having sum(share) <> 1
