-- The response policy of each hand-off by its trigger signal, its profile and who gets it, and when its clock
-- starts: not before the CRM had the lead. A policy that says nothing of them is the default. Long by its columns.
with

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

triggers as (

    select * from {{ ref('lead_qualification', 'int_handoff_triggers') }}

),

territories as (

    select * from {{ ref('lead_qualification', 'int_handoff_territories') }}

),

{% if has_sla_by_profile() %}
scores as (

    select * from {{ ref('lead_qualification', 'int_handoff_scores') }}

),
{% endif %}
leads as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

ranked as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.ended_at,
        {{ known_until('handoffs') }} as known_until,
        territories.calendar,
        greatest(handoffs.handed_off_at, coalesce(leads.created_at, handoffs.handed_off_at)) as sla_starts_at,
        policies.sla_policy,
        policies.clock as sla_clock,
        policies.response_target_minutes,
        policies.status_update_hours,
        policies.min_attempts,
        policies.attempts_window_days,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by
                case when policies.handoff_signals is null then 2 else 1 end,
                {%- if has_sla_by_profile() %}
                case when policies.profile is null then 2 else 1 end,
                {%- endif %}
                case when policies.to_owner is null then 2 else 1 end,
                policies.rule_order
        ) as policy_rank
    from handoffs
    inner join leads on handoffs.lead_id = leads.lead_id
    inner join territories on {{ same_handoff('handoffs', 'territories') }}
    left join triggers on {{ same_handoff('handoffs', 'triggers') }}
    {%- if has_sla_by_profile() %}
    inner join scores on {{ same_handoff('handoffs', 'scores') }}
    {%- endif %}
    inner join {{ dated_policy('sla_policies') }} as policies
        on
            (policies.handoff_signals is null or {{ is_listed('triggers.trigger_signal', 'policies.handoff_signals') }})
            {%- if has_sla_by_profile() %}
            and (policies.profile is null or scores.profile = policies.profile)
            {%- endif %}
            and (policies.to_owner is null or handoffs.to_owner = policies.to_owner)
            {{ and_in_force('policies', 'handoffs.handed_off_at') }}

),

handoff_policies as (

    select
        lead_id,
        handoff_number,
        ended_at,
        known_until,
        calendar,
        sla_starts_at,
        sla_policy,
        sla_clock,
        response_target_minutes,
        {{ add_seconds('sla_starts_at', 'status_update_hours * 3600') }} as status_due_at,
        min_attempts,
        {{ add_days('sla_starts_at', 'attempts_window_days') }} as attempts_until
    from ranked
    where policy_rank = 1

)

select * from handoff_policies
