-- One row per hand-off. Long by its columns: the contract has 72, and it only brings them together.
with

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

context as (

    select * from {{ ref('lead_qualification', 'int_handoff_context') }}

),

territories as (

    select * from {{ ref('lead_qualification', 'int_handoff_territories') }}

),

recommendations as (

    select * from {{ ref('lead_qualification', 'int_handoff_recommendations') }}

),

reps as (

    select * from {{ ref('lead_qualification', 'int_handoff_reps') }}

),

policies as (

    select * from {{ ref('lead_qualification', 'int_handoff_policies') }}

),

sla as (

    select * from {{ ref('lead_qualification', 'int_handoff_sla') }}

),

responses as (

    select * from {{ ref('lead_qualification', 'int_handoff_responses') }}

),

outcomes as (

    select * from {{ ref('lead_qualification', 'int_handoff_outcomes') }}

),

checks as (

    select
        lead_id,
        handoff_number,
        cast(count(case when result = 'passed' then 1 end) as integer) as checks_passed,
        cast(count(case when result = 'failed' then 1 end) as integer) as checks_failed,
        cast(count(case when result = 'unknown' then 1 end) as integer) as checks_unknown
    from {{ ref('lead_qualification', 'handoff_checklist') }}
    group by lead_id, handoff_number

),

described as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        context.account_id,
        handoffs.handed_off_at,
        handoffs.from_stage,
        handoffs.to_stage,
        handoffs.trigger_event,
        context.trigger_signal,
        handoffs.from_owner,
        handoffs.to_owner,
        handoffs.is_begun_by_sales,
        handoffs.ended_at,
        handoffs.end_event,
        handoffs.ended_at is null as is_open,
        context.scoring_model,
        context.profile,
        context.score,
        context.fit_points,
        context.behaviour_points,
        context.intent_points,
        context.recency_multiplier,
        context.penalty_points,
        context.score_band,
        context.score_level,
        context.grade,
        context.meaningful_signals,
        context.high_intent_signals,
        context.intent_signals,
        context.first_campaign_id,
        context.latest_campaign_id,
        context.channel,
        context.motion,
        context.industry,
        context.employee_count,
        context.company_segment,
        cast(context.annual_revenue as {{ type_money() }}) as annual_revenue,
        context.emails_opened,
        context.links_clicked,
        context.pages_visited,
        context.content_downloaded,
        context.sales_touches,
        context.last_engagement_at,
        context.latest_signals,
        context.framework_answers,
        territories.territory,
        territories.calendar,
        recommendations.recommended_rep_id,
        reps.assigned_rep_id,
        reps.is_routed_correctly,
        policies.sla_policy,
        policies.sla_clock,
        sla.sla_starts_at,
        sla.sla_due_at,
        sla.first_response_at,
        sla.response_minutes,
        sla.response_business_minutes,
        sla.sla_status,
        responses.attempts,
        responses.connected_at,
        responses.attempts_met,
        responses.first_status_at,
        responses.status_updated_in_time,
        outcomes.disposition,
        outcomes.disposed_at,
        outcomes.reason_code,
        coalesce(outcomes.decided_by_rep_id, reps.assigned_rep_id) as rep_id,
        outcomes.opportunity_at,
        outcomes.customer_at,
        outcomes.amount,
        checks.checks_passed,
        checks.checks_failed,
        checks.checks_unknown,
        {{ 'versions.policy_version' if has_policy_versions() else 1 }} as policy_version,
        {{ as_of() }} as as_of
    from handoffs
    {% for part in ['context', 'territories', 'recommendations', 'policies', 'sla', 'responses', 'outcomes', 'checks'] -%}
    inner join {{ part }}
        on
            handoffs.lead_id = {{ part }}.lead_id
            and handoffs.handoff_number = {{ part }}.handoff_number
    {% endfor -%}
    left join reps on {{ same_handoff('handoffs', 'reps') }}
    {%- if has_policy_versions() %}
    inner join {{ ref('lead_qualification', 'int_policy_versions') }} as versions
        on
            handoffs.handed_off_at >= versions.starts_at
            and handoffs.handed_off_at < versions.ends_at
    {%- endif %}

)

select * from described
