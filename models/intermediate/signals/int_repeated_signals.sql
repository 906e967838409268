{{ config(materialized='view') }}

-- The events at which a repeat of derived_signals.csv fires. Events with the same key that follow each other
-- within the days of the row are one run: its key counts from its first event until the days after its
-- last. So one running sum counts the distinct keys, and only the first event of a run can raise it. Long
-- because runs, their edges and the sum are a step each.
with

events as (

    select
        parts.signal as derived_signal,
        parts.min_count,
        parts.within_days,
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.session_id,
        signals.asset,
        signals.campaign_id,
        signals.occurred_at,
        {{ distinct_key('parts.distinct_of', 'signals') }} as distinct_key
    from {{ ref('lead_qualification', 'int_mapped_signals') }} as signals
    inner join {{ ref('lead_qualification', 'int_derived_signal_parts') }} as parts
        on
            parts.kind = 'repeat'
            and lower(signals.signal) = parts.from_signal

),

neighbours as (

    select
        *,
        lag(occurred_at) over (
            partition by lead_id, derived_signal, distinct_key
            order by occurred_at, {{ bytewise('source') }}, {{ bytewise('record_id') }}
        ) as previous_at,
        lead(occurred_at) over (
            partition by lead_id, derived_signal, distinct_key
            order by occurred_at, {{ bytewise('source') }}, {{ bytewise('record_id') }}
        ) as next_at
    from events

),

edges as (

    select
        lead_id,
        derived_signal,
        min_count,
        source,
        record_id,
        session_id,
        asset,
        campaign_id,
        occurred_at as changed_at,
        1 as step
    from neighbours
    where previous_at is null or occurred_at >= {{ add_days('previous_at', 'within_days') }}
    union all
    select
        lead_id,
        derived_signal,
        min_count,
        '' as source,
        '' as record_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        {{ add_days('occurred_at', 'within_days') }} as changed_at,
        -1 as step
    from neighbours
    where next_at is null or next_at >= {{ add_days('occurred_at', 'within_days') }}

),

-- What ends at an instant has ended before anything begins.
counted as (

    select
        *,
        sum(step) over (
            partition by lead_id, derived_signal
            order by changed_at, step, {{ bytewise('source') }}, {{ bytewise('record_id') }}
            rows between unbounded preceding and current row
        ) as keys_within_days
    from edges

),

fired as (

    select
        lead_id,
        derived_signal,
        source,
        record_id,
        session_id,
        asset,
        campaign_id,
        changed_at as occurred_at
    from counted
    where step = 1 and keys_within_days = min_count

)

select * from fired
