-- The signals that derived_signals.csv makes of others, silences beyond as_of included. Long because silence
-- needs to know of every engagement, those among the others too.
with

repeats_and_sequences as (

    select * from {{ ref('lead_qualification', 'int_repeated_signals') }}
    union all
    select * from {{ ref('lead_qualification', 'int_sequence_signals') }}

),

silences as (

    select * from {{ ref('lead_qualification', 'int_derived_signal_parts') }}
    where kind = 'silence'

),

kinds as (

    select * from {{ policy('signals') }}

),

starts as (

    select
        silences.signal as derived_signal,
        silences.within_days,
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.session_id,
        signals.asset,
        signals.campaign_id,
        signals.occurred_at
    from {{ ref('lead_qualification', 'int_mapped_signals') }} as signals
    inner join silences on lower(signals.signal) = silences.from_signal

),

instants as (

    select
        lead_id,
        occurred_at,
        0 as is_engagement
    from starts
    union all
    select
        signals.lead_id,
        signals.occurred_at,
        1 as is_engagement
    from {{ ref('lead_qualification', 'int_mapped_signals') }} as signals
    where
        signals.is_engagement
        and signals.lead_id in (select starts.lead_id from starts)
    union all
    select
        fired.lead_id,
        fired.occurred_at,
        1 as is_engagement
    from repeats_and_sequences as fired
    inner join kinds on fired.derived_signal = kinds.signal
    where kinds.is_engagement

),

distinct_instants as (

    select
        lead_id,
        occurred_at,
        max(is_engagement) as is_engagement
    from instants
    group by lead_id, occurred_at

),

followed as (

    select
        lead_id,
        occurred_at,
        min(case when is_engagement = 1 then occurred_at end) over (
            partition by lead_id
            order by occurred_at
            rows between 1 following and unbounded following
        ) as next_engaged_at
    from distinct_instants

),

fired as (

    select * from repeats_and_sequences
    union all
    select
        starts.lead_id,
        starts.derived_signal,
        starts.source,
        starts.record_id,
        starts.session_id,
        starts.asset,
        starts.campaign_id,
        {{ add_days('starts.occurred_at', 'starts.within_days') }} as occurred_at
    from starts
    inner join followed
        on
            starts.lead_id = followed.lead_id
            and starts.occurred_at = followed.occurred_at
    where
        followed.next_engaged_at is null
        or followed.next_engaged_at >= {{ add_days('starts.occurred_at', 'starts.within_days') }}

),

derived as (

    select
        fired.lead_id,
        'derived_signals' as source,
        fired.derived_signal || '|' || fired.record_id as record_id,
        fired.derived_signal as signal,
        fired.session_id,
        fired.asset,
        fired.campaign_id,
        fired.occurred_at,
        kinds.origin,
        kinds.is_engagement,
        kinds.is_meaningful,
        kinds.is_high_intent
    from fired
    inner join kinds on fired.derived_signal = kinds.signal

)

select * from derived
