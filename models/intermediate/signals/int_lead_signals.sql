-- Third-party intent belongs to an account and counts for each of its leads.
with

leads as (

    select
        lead_id,
        account_id
    from {{ ref('lead_qualification', 'int_leads') }}

),

signals as (

    select * from {{ policy('signals') }}

),

of_leads as (

    select
        lead_id,
        source,
        record_id,
        signal,
        session_id,
        asset,
        campaign_id,
        occurred_at
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    where
        excluded_because is null
        and lead_id is not null
    union all
    select
        leads.lead_id,
        events.source,
        events.record_id,
        events.signal,
        events.session_id,
        events.asset,
        events.campaign_id,
        events.occurred_at
    from {{ ref('lead_qualification', 'int_resolved_events') }} as events
    inner join leads on events.account_id = leads.account_id
    where
        events.excluded_because is null
        and events.lead_id is null

),

described as (

    select
        of_leads.lead_id,
        of_leads.source,
        of_leads.record_id,
        of_leads.signal,
        of_leads.session_id,
        of_leads.asset,
        of_leads.campaign_id,
        of_leads.occurred_at,
        signals.origin,
        signals.is_engagement,
        signals.is_meaningful,
        signals.is_high_intent
    from of_leads
    inner join signals on of_leads.signal = signals.signal

)

select * from described
