-- What the conditions and due dates of next_actions.csv look at, for each lead; yes and no as true and false. Long
-- because each fact has a source of its own.
with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

),

leads as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

states as (

    select * from {{ ref('lead_qualification', 'int_current_states') }}

),

re_engagements as (

    select * from {{ ref('lead_qualification', 'int_re_engagements') }}

),

timers as (

    select * from {{ ref('lead_qualification', 'int_timer_due_times') }}

),

-- Only the newest hand-off of a lead can be open.
open_handoffs as (

    select * from {{ ref('lead_qualification', 'handoffs') }}
    where is_open

),

-- A bounce stands until the person does something with an e-mail again.
bounced_leads as (

    select signals.lead_id
    from {{ ref('lead_qualification', 'int_lead_signals') }} as signals
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    where signals.source = 'email_events'
    group by signals.lead_id
    having
        max(case when kinds.role = 'bounce' then signals.occurred_at end)
        >= coalesce(max(case when coalesce(kinds.role, '') <> 'bounce' then signals.occurred_at end), {{ beginning() }})

),

open_opportunities as (

    select distinct lead_id
    from {{ ref('lead_qualification', 'int_opportunities') }}
    where
        created_at <= {{ as_of() }}
        and closed_at is null

),

passed_frameworks as (

    select lead_id
    from {{ ref('lead_qualification', 'lead_qualification') }}
    where is_recommended and passed

),

facts as (

    select
        lead_stages.lead_id,
        lead_stages.stage,
        lead_stages.stage_owner,
        lead_stages.profile,
        lead_stages.cooldown_until,
        scores.grade,
        scores.score_level,
        scores.recommended_action,
        scores.top_contributions,
        coalesce(lead_stages.cooldown_until > {{ as_of() }} and lead_stages.stage_owner = 'marketing', false) as is_in_cooldown,
        not states.is_opted_out as is_consenting,
        coalesce(leads.email_status, '') = 'bounced' or bounced_leads.lead_id is not null as is_bounced,
        (
            leads.email is not null
            and coalesce(leads.email_status, '') <> 'bounced'
            and bounced_leads.lead_id is null
        )
        or coalesce(leads.phone_is_valid, leads.phone is not null) as is_contactable,
        open_handoffs.sla_status,
        open_opportunities.lead_id is not null as has_open_opportunity,
        passed_frameworks.lead_id is not null as framework_passed,
        coalesce(
            re_engagements.is_cooldown_over and not re_engagements.is_approached and not re_engagements.has_moved_on, false
        ) as re_engage_due,
        case
            when lead_stages.cooldown_until <= {{ as_of() }} and lead_stages.cooldown_until > lead_stages.stage_entered_at
                then lead_stages.cooldown_until
            else lead_stages.stage_entered_at
        end as since,
        open_handoffs.sla_due_at,
        timers.due_at as timer_due_at,
        coalesce(open_handoffs.assigned_rep_id, open_handoffs.recommended_rep_id) as rep_id
    from lead_stages
    inner join scores on lead_stages.lead_id = scores.lead_id
    inner join leads on lead_stages.lead_id = leads.lead_id
    inner join states on lead_stages.lead_id = states.lead_id
    left join timers on lead_stages.lead_id = timers.lead_id
    left join re_engagements on lead_stages.lead_id = re_engagements.lead_id
    left join open_handoffs on lead_stages.lead_id = open_handoffs.lead_id
    left join bounced_leads on lead_stages.lead_id = bounced_leads.lead_id
    left join open_opportunities on lead_stages.lead_id = open_opportunities.lead_id
    left join passed_frameworks on lead_stages.lead_id = passed_frameworks.lead_id

)

select * from facts
