{{ config(materialized='by_lead') }}

-- The signal of the very instant that handed a lead over: one that the profile lists for the
-- trigger event, or one that can open a gate; that of a trigger that had to wait. None where a person or the end of a
-- cooldown did.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

signals as (

    select
        lead_id,
        source,
        record_id,
        signal,
        occurred_at,
        is_engagement,
        is_meaningful,
        is_high_intent,
        cast(null as {{ dbt.type_string() }}) as remembered_event
    from {{ rows_of_this_run('int_lead_signals') }}
    {%- if has_trigger_requirements() %}
    union all
    -- A trigger that had to wait: its signal came before.
    select
        lead_id,
        source,
        record_id,
        signal,
        occurred_at,
        false as is_engagement,
        false as is_meaningful,
        false as is_high_intent,
        event as remembered_event
    from {{ rows_of_this_run('int_signal_events') }}
    where is_remembered
    {%- endif %}

),

lead_profiles as (

    {{ lead_profiles() }}

),

candidates as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        signals.signal,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by {{ bytewise('signals.source') }}, {{ bytewise('signals.record_id') }}
        ) as candidate_rank
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
    left join {{ dated_policy('profile_triggers') }} as triggers
        on
            {{ of_deciding_pair('profile') }} = triggers.profile
            and handoffs.trigger_event = triggers.event
            and signals.signal = triggers.signal
            and signals.remembered_event is null
            {{ and_in_force('triggers', 'handoffs.handed_off_at') }}
    {%- if triggers_may_fail() %}
    left join {{ rows_of_this_run('int_signal_events', 'happened') }}
        on
            signals.lead_id = happened.lead_id
            and signals.source = happened.source
            and signals.record_id = happened.record_id
            and signals.occurred_at = happened.occurred_at
            and handoffs.trigger_event = happened.event
            and not happened.is_held
    {%- endif %}
    left join {{ dated_policy('signal_points') }} as signal_points
        on
            {{ of_deciding_pair('scoring_model') }} = signal_points.scoring_model
            and signals.signal = signal_points.signal
            and signals.remembered_event is null
            {{ and_in_force('signal_points', 'handoffs.handed_off_at') }}
    where
        {{ '(triggers.signal is not null and happened.lead_id is not null)' if triggers_may_fail() else 'triggers.signal is not null' }}
        or handoffs.trigger_event = signals.remembered_event
        or (
            handoffs.is_by_gate
            and (
                signal_points.points > 0
                or signals.is_engagement
                or signals.is_meaningful
                or signals.is_high_intent
            )
        )

),

handoff_triggers as (

    select
        lead_id,
        handoff_number,
        signal as trigger_signal
    from candidates
    where candidate_rank = 1

)

select * from handoff_triggers
