{{ config(materialized='by_lead') }}

-- What was known of a lead when it was handed over: its score, its attributes, what it had done, where it
-- came from. Long by its columns: it only brings
-- together what other models found.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

scores as (

    select * from {{ rows_of_this_run('int_handoff_scores') }}

),

states as (

    select * from {{ rows_of_this_run('int_handoff_states') }}

),

leads as (

    select * from {{ rows_of_this_run('int_leads') }}

),

attributes as (

    {{ attributes_at('handoffs', ['handoff_number'], 'handed_off_at') }}

),

triggers as (

    select * from {{ rows_of_this_run('int_handoff_triggers') }}

),

campaigns as (

    select * from {{ ref('lead_qualification', 'int_handoff_campaigns') }}

),

signals as (

    select * from {{ rows_of_this_run('int_handoff_signals') }}

),

answers as (

    select * from {{ ref('lead_qualification', 'int_handoff_answers') }}

),

sales_touches as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        cast(count(*) as integer) as sales_touches
    from handoffs
    inner join {{ rows_of_this_run('int_sales_activities', 'activities') }}
        on
            handoffs.lead_id = activities.lead_id
            and handoffs.handed_off_at > activities.occurred_at
            and activities.activity_type in ('call', 'email', 'meeting')
            and not activities.is_machine
    group by handoffs.lead_id, handoffs.handoff_number

),

context as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.handed_off_at,
        leads.account_id,
        triggers.trigger_signal,
        scores.scoring_model,
        scores.profile,
        scores.score,
        scores.fit_points,
        scores.behaviour_points,
        scores.intent_points,
        scores.recency_multiplier,
        scores.penalty_points,
        scores.score_band,
        scores.score_level,
        scores.grade,
        scores.meaningful_signals,
        scores.high_intent_signals,
        scores.intent_signals,
        campaigns.first_campaign_id,
        campaigns.latest_campaign_id,
        leads.channel,
        leads.motion,
        attributes.industry,
        attributes.employee_count,
        attributes.company_segment,
        attributes.annual_revenue,
        attributes.account_status,
        attributes.is_competitor,
        leads.email_status,
        coalesce(signals.signals, 0) as signals,
        coalesce(signals.emails_opened, 0) as emails_opened,
        coalesce(signals.links_clicked, 0) as links_clicked,
        coalesce(signals.pages_visited, 0) as pages_visited,
        coalesce(signals.content_downloaded, 0) as content_downloaded,
        coalesce(sales_touches.sales_touches, 0) as sales_touches,
        signals.last_engagement_at,
        coalesce(signals.has_bounced, false) as has_bounced,
        coalesce(signals.has_complained, false) as has_complained,
        states.is_opted_out,
        states.is_disqualified,
        coalesce(signals.latest_signals, '[]') as latest_signals,
        coalesce(answers.framework_answers, '[]') as framework_answers
    from handoffs
    inner join leads on handoffs.lead_id = leads.lead_id
    inner join attributes on {{ same_handoff('handoffs', 'attributes') }}
    inner join scores on {{ same_handoff('handoffs', 'scores') }}
    inner join states on {{ same_handoff('handoffs', 'states') }}
    left join triggers on {{ same_handoff('handoffs', 'triggers') }}
    left join campaigns on {{ same_handoff('handoffs', 'campaigns') }}
    left join signals on {{ same_handoff('handoffs', 'signals') }}
    left join answers on {{ same_handoff('handoffs', 'answers') }}
    left join sales_touches on {{ same_handoff('handoffs', 'sales_touches') }}

)

select * from context
