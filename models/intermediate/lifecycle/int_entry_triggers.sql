{{ config(materialized='by_lead') }}

-- The trigger that made a lead enter a stage: of several of one instant the one that the machine took, for a cooldown
-- drops some of them.
with

entries as (

    select
        lead_id,
        stage_number,
        position,
        entered_by
    from {{ rows_of_this_run('int_stage_machine') }}
    where is_entry

),

events as (

    select * from {{ rows_of_this_run('int_lifecycle_events') }}

),

signal_events as (

    select * from {{ rows_of_this_run('int_signal_events') }}

),

entry_triggers as (

    select
        entries.lead_id,
        entries.stage_number,
        signal_events.source,
        signal_events.record_id,
        signal_events.signal,
        signal_events.track
    from entries
    inner join events
        on
            entries.lead_id = events.lead_id
            and entries.position = events.position
            and entries.entered_by = events.event
    inner join signal_events
        on
            events.lead_id = signal_events.lead_id
            and events.source = signal_events.source
            and events.record_id = signal_events.record_id
            and events.event = signal_events.event

)

select * from entry_triggers
