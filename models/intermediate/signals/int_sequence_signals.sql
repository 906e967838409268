{{ config(materialized='view') }}

-- The events at which a sequence of derived_signals.csv fires: what comes then, if the latest of its signals
-- at an earlier instant is one that it starts from, and not too long ago. Long by its columns.
with

parts as (

    select * from {{ ref('lead_qualification', 'int_derived_signal_parts') }}
    where kind = 'sequence'

),

looked_for as (

    select
        signal as derived_signal,
        from_signal as looked_for_signal,
        then_signal,
        within_hours
    from parts
    union distinct
    select
        signal as derived_signal,
        then_signal as looked_for_signal,
        then_signal,
        within_hours
    from parts

),

events as (

    select
        looked_for.derived_signal,
        looked_for.within_hours,
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.session_id,
        signals.asset,
        signals.campaign_id,
        signals.occurred_at,
        case when lower(signals.signal) = looked_for.then_signal then 1 else 0 end as comes_then,
        case when parts.from_signal is not null then 1 else 0 end as is_start,
        row_number() over (
            partition by signals.lead_id, looked_for.derived_signal, signals.occurred_at
            order by {{ bytewise('signals.source') }} desc, {{ bytewise('signals.record_id') }} desc
        ) as latest_rank
    from {{ ref('lead_qualification', 'int_mapped_signals') }} as signals
    inner join looked_for on lower(signals.signal) = looked_for.looked_for_signal
    left join parts
        on
            looked_for.derived_signal = parts.signal
            and lower(signals.signal) = parts.from_signal

),

instants as (

    select
        lead_id,
        derived_signal,
        occurred_at,
        lag(occurred_at) over (partition by lead_id, derived_signal order by occurred_at) as previous_at,
        lag(is_start) over (partition by lead_id, derived_signal order by occurred_at) as previous_is_start
    from events
    where latest_rank = 1

),

fired as (

    select
        events.lead_id,
        events.derived_signal,
        events.source,
        events.record_id,
        events.session_id,
        events.asset,
        events.campaign_id,
        events.occurred_at
    from events
    inner join instants
        on
            events.lead_id = instants.lead_id
            and events.derived_signal = instants.derived_signal
            and events.occurred_at = instants.occurred_at
    where
        events.comes_then = 1
        and instants.previous_is_start = 1
        and events.occurred_at < {{ add_seconds('instants.previous_at', 'events.within_hours * 3600') }}

)

select * from fired
