-- Marketing does not write to a lead in a cooldown, without consent or without an address that works, unless blocked_by
-- holds the action back.
select
    actions.lead_id,
    actions.action,
    actions.blocked_by
from {{ ref('lead_qualification', 'next_best_action') }} as actions
inner join {{ ref('lead_qualification', 'int_action_facts') }} as facts on actions.lead_id = facts.lead_id
where
    actions.is_outreach
    and actions.owner = 'marketing'
    and actions.blocked_by is null
    and (facts.is_in_cooldown or not facts.is_consenting or facts.is_bounced or not facts.is_contactable)
