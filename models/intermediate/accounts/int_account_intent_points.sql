{{ config(materialized='view') }}

-- Third-party intent of each account, each thing counted once however many leads the account has,
-- also where it has none, unless it names a person: the first of its key, with its points of the account model.
with

events as (

    select * from {{ ref('lead_qualification', 'int_events_by_kind') }}
    where
        source = 'intent_signals'
        and email is null

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

firsts as (

    select
        account_id,
        source,
        record_id,
        signal,
        points,
        occurred_at
    from ranked
    where key_rank = 1

)

select * from firsts
