-- One row per event: its signal and its lead or account, or the reason why it is left out. Long
-- because it is the one place that looks an event up everywhere, then gives the verdict.
with

events as (

    select * from {{ ref('lead_qualification', 'int_events_by_kind') }}

),

owned as (

    {{ owners_of(
        'events',
        ['source', 'record_id', 'session_id', 'asset', 'campaign_id', 'occurred_at', 'email', 'user_agent', 'account_domain',
            'program', 'event_name', 'page_path', 'kind_asset', 'kind_link', 'kind_value'],
        visitors=true) }}

),

event_kinds as (

    select
        kinds.*,
        coalesce(signals.role in ('opt_out', 'complaint'), false) as always_counts
    from {{ ref('lead_qualification', 'int_signal_map_matches') }} as kinds
    inner join {{ policy('signals') }} as signals on kinds.signal = signals.signal

),

-- Resolved for themselves, since the rows of all events are too many to be kept for a second look.
forms as (

    select * from {{ ref('lead_qualification', 'int_events_by_kind') }}
    where source = 'marketing_activities'

),

owned_forms as (

    {{ owners_of('forms', ['record_id', 'occurred_at', 'event_name', 'asset'], visitors=true) }}

),

-- The one before it, whether or not that counts: the same form of the same lead, sent again.
submits as (

    select
        record_id,
        occurred_at,
        lag(occurred_at) over (
            partition by lead_id, event_name, asset
            order by occurred_at, {{ bytewise('record_id') }}
        ) as submitted_at
    from owned_forms
    where lead_id is not null

),

double_submits as (

    select record_id
    from submits
    where {{ elapsed_seconds('submitted_at', 'occurred_at') }} < {{ var('double_submit_seconds') }}

),

accounts_with_leads as (

    select distinct account_id from {{ ref('lead_qualification', 'int_identified_leads') }}

),

judged as (

    select
        owned.source,
        owned.record_id,
        owned.session_id,
        owned.asset,
        owned.campaign_id,
        owned.occurred_at,
        case when not coalesce(owned.is_erased, false) then owned.email end as email,
        event_kinds.signal,
        owned.lead_id,
        accounts_with_leads.account_id,
        case
            when owned.is_erased then 'erased'
            when bot_user_agents.user_agent is not null and not coalesce(event_kinds.always_counts, false) then 'bot'
            when machine_events.made_by is not null and not coalesce(event_kinds.always_counts, false) then machine_events.made_by
            when owned.lead_id is null and accounts_with_leads.account_id is null then 'unresolved'
            when event_kinds.signal is null then 'not_a_signal'
            when double_submits.record_id is not null and not event_kinds.always_counts then 'double_submit'
        end as excluded_because
    from owned
    left join {{ ref('lead_qualification', 'int_bot_user_agents') }} as bot_user_agents on owned.user_agent = bot_user_agents.user_agent
    left join {{ ref('lead_qualification', 'int_machine_events') }} as machine_events
        on
            owned.record_id = machine_events.event_id
            and owned.source = 'email_events'
    left join event_kinds on {{ same_event_kind('owned', 'event_kinds') }}
    left join double_submits
        on
            owned.record_id = double_submits.record_id
            and owned.source = 'marketing_activities'
    left join {{ ref('lead_qualification', 'int_account_domains') }} as account_domains
        on
            owned.account_domain = account_domains.domain
            and owned.email is null
    left join accounts_with_leads on account_domains.account_id = accounts_with_leads.account_id

)

select * from judged
