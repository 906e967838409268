{{ config(severity='warn') }}

-- Records whose merge pointers run in a circle; each stands on its own until the CRM is fixed.
select
    lead_id,
    merged_lead_id
from {{ ref('lead_qualification', 'int_lead_merges') }}
where is_in_loop
