{{ config(materialized='view') }}

-- Third-party intent of each account, each thing counted once however many leads the account has,
-- also where it has none: points of the account model within the window up to as_of.
with

events as (

    select * from {{ ref('lead_qualification', 'int_all_events') }}
    where source = 'intent_signals'

),

account_domains as (

    select * from {{ ref('lead_qualification', 'int_account_domains') }}

),

signals as (

    select * from {{ policy('signals') }}
    where origin = 'third_party'

),

account_model as (

    select * from {{ ref('lead_qualification', 'int_account_model') }}

),

scored as (

    select
        account_domains.account_id,
        events.source,
        events.record_id,
        events.session_id,
        events.asset,
        events.occurred_at,
        event_kinds.signal,
        signal_points.points,
        signal_points.dedupe_by
    from events
    inner join {{ ref('lead_qualification', 'int_signal_map_matches') }} as event_kinds on {{ same_event_kind('events', 'event_kinds') }}
    inner join account_domains on events.account_domain = account_domains.domain
    inner join signals on event_kinds.signal = signals.signal
    inner join {{ current_policy('signal_points') }} as signal_points on event_kinds.signal = signal_points.signal
    inner join account_model on signal_points.scoring_model = account_model.scoring_model

),

ranked as (

    select
        *,
        row_number() over (
            partition by account_id, signal, {{ dedupe_key() }}
            order by occurred_at, {{ bytewise('source') }}, {{ bytewise('record_id') }}
        ) as key_rank
    from scored

),

intent as (

    select
        ranked.account_id,
        cast(sum(ranked.points) as integer) as third_party_intent_points,
        max(ranked.occurred_at) as last_intent_at
    from ranked
    where
        ranked.key_rank = 1
        and ranked.occurred_at > {{ add_days(as_of(), '-cast(' ~ lifecycle_setting('account_window_days') ~ ' as integer)') }}
    group by ranked.account_id

)

select * from intent
