{{ config(materialized='by_lead') }}

-- Events that moved nothing: at its turn the machine found no rule for the event in the stage of the lead, or a
-- cooldown dropped it, or what is required before a trigger did not hold and does not yet. What only sets the
-- level of a gate or a framework does not count.
with

events as (

    select * from {{ rows_of_this_run('int_lifecycle_events') }}
    where not is_level_only

),

rounds as (

    select
        lead_id,
        position,
        stage,
        has_rule,
        lag(position) over (partition by lead_id order by round) as previous_position
    from {{ rows_of_this_run('int_stage_machine') }}

),

transitions as (

    select * from {{ dated_policy('stage_transitions') }} as stage_transitions

),

{% if has_trigger_requirements() %}
stays as (

    select
        lead_id,
        stage,
        entered_at,
        lead(entered_at) over (partition by lead_id order by stage_number) as exited_at
    from {{ rows_of_this_run('int_stage_machine') }}
    where is_entry

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
        case when transitions.event is null then 'no_transition' else 'cooldown' end as reason
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
    where
        rounds.position > rounds.previous_position
        and not rounds.has_rule
    {%- if has_trigger_requirements() %}
    union all
    select
        triggers.lead_id,
        triggers.occurred_at,
        triggers.event,
        triggers.source,
        triggers.record_id,
        stays.stage,
        'requirement' as reason
    from {{ rows_of_this_run('int_signal_events', 'triggers') }}
    inner join stays
        on
            triggers.lead_id = stays.lead_id
            and triggers.occurred_at >= stays.entered_at
            and (stays.exited_at is null or triggers.occurred_at < stays.exited_at)
    where triggers.is_held
    {%- endif %}

)

select * from ignored_events
