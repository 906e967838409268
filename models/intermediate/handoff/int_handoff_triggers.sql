{{ config(materialized='by_lead') }}

-- The signal that handed a lead over: that of the trigger, or the first of the very instant that can open a gate. None
-- where a person or the end of a cooldown did. Long because triggers and gates have their signals from two places.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

entry_triggers as (

    select * from {{ rows_of_this_run('int_entry_triggers') }}

),

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

lead_profiles as (

    {{ lead_profiles() }}

),

openers as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        signals.signal,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by {{ bytewise('signals.source') }}, {{ bytewise('signals.record_id') }}
        ) as opener_rank
    from handoffs
    inner join signals
        on
            handoffs.lead_id = signals.lead_id
            and handoffs.handed_off_at = signals.occurred_at
    inner join lead_profiles
        on
            handoffs.lead_id = lead_profiles.lead_id
            {{ and_profile_at('handoffs.handed_off_at') }}
    {{ join_deciding_pair('handoffs') }}
    left join {{ dated_policy('signal_points') }} as signal_points
        on
            {{ of_deciding_pair('scoring_model') }} = signal_points.scoring_model
            and signals.signal = signal_points.signal
            {{ and_in_force('signal_points', 'handoffs.handed_off_at') }}
    where
        handoffs.is_by_gate
        and (
            signal_points.points > 0
            or signals.is_engagement
            or signals.is_meaningful
            or signals.is_high_intent
        )

),

handoff_triggers as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        entry_triggers.signal as trigger_signal
    from handoffs
    inner join entry_triggers
        on
            handoffs.lead_id = entry_triggers.lead_id
            and handoffs.stage_number = entry_triggers.stage_number
    where not handoffs.is_by_gate
    union all
    select
        lead_id,
        handoff_number,
        signal as trigger_signal
    from openers
    where opener_rank = 1

)

select * from handoff_triggers
