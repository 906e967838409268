{{ config(materialized='by_lead') }}

-- Events that moved nothing: at its turn the machine found no rule for the event in the stage of the lead, or a
-- cooldown dropped it, or what is required before a trigger did not hold and does not yet. What only sets the
-- level of a gate or a framework does not count. Long because one that is held has its turn too.
with

events as (

    select * from {{ rows_of_this_run('int_lifecycle_events') }}
    where not is_level_only

),

rounds as (

    select rounds.*
    from {{ rows_of_this_run('int_stage_machine', 'rounds') }}
    inner join {{ rows_of_this_run('int_stage_machine', 'previous') }}
        on
            rounds.lead_id = previous.lead_id
            and rounds.round = previous.round + 1
    where
        rounds.position > previous.position
        and not rounds.has_rule

),

transitions as (

    select * from {{ dated_policy('stage_transitions') }} as stage_transitions

),

{% if has_trigger_requirements() %}
held as (

    select
        triggers.lead_id,
        triggers.occurred_at,
        triggers.event,
        triggers.source,
        triggers.record_id,
        lifecycle_events.event_rank
    from {{ rows_of_this_run('int_signal_events', 'triggers') }}
    inner join {{ policy('lifecycle_events') }} as lifecycle_events on triggers.event = lifecycle_events.event
    where triggers.is_held

),

-- The event after which the turn of one that is held came, by the order of all events.
turns as (

    select
        held.lead_id,
        held.occurred_at,
        held.event,
        held.source,
        held.record_id,
        max(previous.position) as position
    from held
    inner join {{ rows_of_this_run('int_lifecycle_events', 'previous') }} on held.lead_id = previous.lead_id
    left join {{ policy('lifecycle_events') }} as ranks on previous.event = ranks.event
    where
        previous.position = 0
        or previous.occurred_at < held.occurred_at
        or (previous.occurred_at = held.occurred_at and (previous.is_closing or ranks.event_rank < held.event_rank))
        or (
            previous.occurred_at = held.occurred_at
            and ranks.event_rank = held.event_rank
            and (
                {{ bytewise('previous.source') }} < {{ bytewise('held.source') }}
                or (
                    previous.source = held.source
                    and {{ bytewise('previous.record_id') }} < {{ bytewise('held.record_id') }}
                )
            )
        )
    group by held.lead_id, held.occurred_at, held.event, held.source, held.record_id

),

-- What the machine had come to by then: all that follows from that event at the same instant, but no timer and nothing
-- else that comes after the events of an instant.
found as (

    select
        turns.lead_id,
        turns.occurred_at,
        turns.event,
        turns.source,
        turns.record_id,
        machine.stage,
        row_number() over (
            partition by turns.lead_id, turns.occurred_at, turns.event, turns.source, turns.record_id
            order by case when turns.occurred_at = previous.occurred_at then machine.round else -machine.round end
        ) as round_rank
    from turns
    inner join {{ rows_of_this_run('int_lifecycle_events', 'previous') }}
        on
            turns.lead_id = previous.lead_id
            and turns.position = previous.position
    inner join {{ rows_of_this_run('int_stage_machine', 'machine') }}
        on
            turns.lead_id = machine.lead_id
            and (
                (turns.occurred_at = previous.occurred_at and turns.position = machine.position and machine.step = 'next')
                or (turns.occurred_at > previous.occurred_at and turns.occurred_at > machine.occurred_at)
            )

),
{% endif %}
-- Several that no record says, as at a boundary of the policy, are one.
ignored_events as (

    select distinct
        events.lead_id,
        events.occurred_at,
        events.event,
        events.source,
        events.record_id,
        rounds.stage,
        case
            when {{ 'events.is_remembered and events.occurred_at < rounds.gates_from' if has_trigger_requirements() else 'false' }}
                then 'cooldown'
            when transitions.event is null then 'no_transition'
            else 'cooldown'
        end as reason
    from rounds
    inner join events
        on
            rounds.lead_id = events.lead_id
            and rounds.position = events.position
    left join transitions
        on
            rounds.stage = transitions.from_stage
            and events.event = transitions.event
            {{ and_in_force('transitions', 'events.occurred_at') }}
    {%- if has_trigger_requirements() %}
    union all
    select
        lead_id,
        occurred_at,
        event,
        source,
        record_id,
        stage,
        'requirement' as reason
    from found
    where round_rank = 1
    {%- endif %}

)

select * from ignored_events
