{{ config(materialized='by_lead') }}

-- The entries into a stage that the second pair of a lead decided: its gate was open then and that of the main pair
-- was not, or the signal was a trigger of its profile alone. Long because gates and triggers decide each in
-- a way of their own.
{%- do needs('int_lead_profiles') %}
with

second_pairs as (

    select * from {{ rows_of_this_run('int_lead_pairs', 'lead_pairs') }}
    where track = 'second'

),

entries as (

    select
        history.lead_id,
        history.stage_number,
        history.stage,
        history.entered_at,
        history.entered_by,
        lifecycle_events.is_gate,
        second_pairs.scoring_model,
        second_pairs.profile
    from {{ rows_of_this_run('lead_stage_history', 'history') }}
    inner join {{ policy('lifecycle_events') }} as lifecycle_events on history.entered_by = lifecycle_events.event
    inner join second_pairs
        on
            history.lead_id = second_pairs.lead_id
            and {{ is_valid_at('second_pairs', 'history.entered_at') }}

),

through_gates as (

    select distinct lead_id
    from entries
    where is_gate

),

levels as (

    select * from {{ rows_of_this_run('int_gate_levels') }}
    where lead_id in (select through_gates.lead_id from through_gates)

),

-- main sorts before second: it decides where both do.
by_gate as (

    select
        entries.lead_id,
        entries.stage_number,
        min(levels.track) as track
    from entries
    inner join levels
        on
            entries.lead_id = levels.lead_id
            and {{ is_valid_at('levels', 'entries.entered_at') }}
            and case when entries.entered_by = 'sql_gate' then levels.is_sql_gate_open else levels.is_mql_gate_open end
    where entries.is_gate
    group by entries.lead_id, entries.stage_number

),

triggers as (

    select
        entries.lead_id,
        entries.stage_number,
        events.track,
        row_number() over (
            partition by entries.lead_id, entries.stage_number
            order by {{ bytewise('events.source') }}, {{ bytewise('events.record_id') }}
        ) as event_rank
    from entries
    inner join {{ rows_of_this_run('int_signal_events', 'events') }}
        on
            entries.lead_id = events.lead_id
            and entries.entered_by = events.event
            and entries.entered_at = events.occurred_at
            and not events.is_held

),

second_decisions as (

    select
        lead_id,
        stage_number
    from by_gate
    where track = 'second'
    union all
    select
        lead_id,
        stage_number
    from triggers
    where event_rank = 1 and track = 'second'

),

second_pair_entries as (

    select
        entries.lead_id,
        entries.stage_number,
        entries.stage,
        entries.entered_at,
        entries.scoring_model,
        entries.profile
    from entries
    inner join second_decisions
        on
            entries.lead_id = second_decisions.lead_id
            and entries.stage_number = second_decisions.stage_number

)

select * from second_pair_entries
