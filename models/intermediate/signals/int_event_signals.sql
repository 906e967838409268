-- The events that are signals, with their lead. Third-party intent belongs to an account and counts for
-- each of its leads; an opt-out or complaint from an address that several people read for each
-- lead that has it. Long because these are three branches of one list.
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

shared_mailboxes as (

    select
        records.email,
        records.lead_id
    from {{ ref('lead_qualification', 'int_lead_records') }} as records
    inner join {{ ref('lead_qualification', 'int_shared_addresses') }} as shared_addresses
        on records.email = shared_addresses.email
    group by records.email, records.lead_id

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
    union all
    select
        shared_mailboxes.lead_id,
        events.source,
        events.record_id,
        events.signal,
        events.session_id,
        events.asset,
        events.campaign_id,
        events.occurred_at
    from {{ ref('lead_qualification', 'int_resolved_events') }} as events
    inner join signals on events.signal = signals.signal
    inner join shared_mailboxes on events.email = shared_mailboxes.email
    where
        events.excluded_because is null
        and signals.role in ('opt_out', 'complaint')
        and events.lead_id <> shared_mailboxes.lead_id

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
