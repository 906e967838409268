{{ config(materialized='by_lead') }}

-- The patterns of signal_patterns.csv that a lead had completed at its evaluation point. Long
-- because each kind of pattern is a step; they share the numbered signals.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

signals as (

    select
        signals.lead_id,
        signals.signal,
        signals.is_engagement,
        signals.occurred_at,
        row_number() over (
            partition by signals.lead_id, signals.signal
            order by signals.occurred_at
        ) as occurrence
    from {{ rows_of_this_run('int_lead_signals', 'signals') }}
    inner join points
        on
            signals.lead_id = points.lead_id
            and signals.occurred_at <= points.evaluated_at

),

beginnings as (

    select
        patterns.pattern,
        patterns.kind,
        patterns.then_signal,
        signals.lead_id,
        signals.signal,
        signals.occurrence,
        signals.occurred_at as began_at,
        {{ add_seconds('signals.occurred_at', 'patterns.within_hours * 3600') }} as ends_at
    from {{ policy('signal_patterns') }} as patterns
    inner join signals on patterns.first_signal = signals.signal

),

sequences as (

    select
        beginnings.lead_id,
        beginnings.pattern
    from beginnings
    inner join signals
        on
            beginnings.lead_id = signals.lead_id
            and beginnings.then_signal = signals.signal
            and beginnings.began_at < signals.occurred_at
            and beginnings.ends_at >= signals.occurred_at
    where beginnings.kind = 'sequence'

),

repeats as (

    select
        beginnings.lead_id,
        beginnings.pattern
    from beginnings
    inner join signals
        on
            beginnings.lead_id = signals.lead_id
            and beginnings.signal = signals.signal
            and beginnings.ends_at >= signals.occurred_at
            and signals.occurrence - beginnings.occurrence + 1 = cast(substring(beginnings.kind, 8, 1) as integer)
    where beginnings.kind like 'repeat%'

),

silences as (

    select
        beginnings.lead_id,
        beginnings.pattern
    from beginnings
    inner join points
        on
            beginnings.lead_id = points.lead_id
            and beginnings.ends_at <= points.evaluated_at
    left join signals
        on
            beginnings.lead_id = signals.lead_id
            and beginnings.began_at < signals.occurred_at
            and beginnings.ends_at >= signals.occurred_at
            and signals.is_engagement
    where
        beginnings.kind = 'silence'
        and signals.lead_id is null

),

completed as (

    select * from sequences
    union distinct
    select * from repeats
    union distinct
    select * from silences

)

select * from completed
