-- One row per event: its signal and its lead or account, or the reason why it is left out. Long
-- because it is the one place that looks an event up everywhere: nine look-ups, then the verdict.
with

events as (

    select * from {{ ref('lead_qualification', 'int_all_events') }}

),

bot_user_agents as (

    select * from {{ ref('lead_qualification', 'int_bot_user_agents') }}

),

scanner_events as (

    select * from {{ ref('lead_qualification', 'int_scanner_events') }}

),

event_kinds as (

    select * from {{ ref('lead_qualification', 'int_signal_map_matches') }}

),

records as (

    select * from {{ ref('lead_qualification', 'int_lead_records') }}

),

addresses as (

    select * from {{ ref('lead_qualification', 'int_lead_addresses') }}

),

visitors as (

    select * from {{ ref('lead_qualification', 'int_anonymous_visitors') }}

),

account_domains as (

    select * from {{ ref('lead_qualification', 'int_account_domains') }}

),

accounts_with_leads as (

    select distinct account_id from {{ ref('lead_qualification', 'int_leads') }}

),

owned as (

    select
        events.source,
        events.record_id,
        events.session_id,
        events.asset,
        events.campaign_id,
        events.occurred_at,
        event_kinds.signal,
        coalesce(records.lead_id, addresses.lead_id, visitors.lead_id) as lead_id,
        accounts_with_leads.account_id,
        bot_user_agents.user_agent is not null as is_bot,
        scanner_events.event_id is not null as is_scanner
    from events
    left join bot_user_agents on events.user_agent = bot_user_agents.user_agent
    left join scanner_events
        on
            events.record_id = scanner_events.event_id
            and events.source = 'email_events'
    left join event_kinds on {{ same_event_kind('events', 'event_kinds') }}
    left join records on events.lead_id = records.record_id
    left join addresses
        on
            events.email = addresses.email
            and events.lead_id is null
    left join visitors
        on
            events.anonymous_id = visitors.anonymous_id
            and events.lead_id is null
            and events.email is null
    left join account_domains on events.account_domain = account_domains.domain
    left join accounts_with_leads on account_domains.account_id = accounts_with_leads.account_id

),

judged as (

    select
        source,
        record_id,
        session_id,
        asset,
        campaign_id,
        occurred_at,
        signal,
        lead_id,
        account_id,
        case
            when is_bot then 'bot'
            when is_scanner then 'scanner'
            when lead_id is null and account_id is null then 'unresolved'
            when signal is null then 'not_a_signal'
        end as excluded_because
    from owned

)

select * from judged
