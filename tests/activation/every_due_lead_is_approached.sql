-- A lead with marketing whose re-engagement is due is approached, or blocked_by says why not; with an open deal or with
-- sales it is theirs.
select
    lead_id,
    stage,
    action
from {{ ref('lead_qualification', 'next_best_action') }}
where
    re_engage_due
    and stage_owner = 'marketing'
    and not has_open_opportunity
    and not is_outreach
