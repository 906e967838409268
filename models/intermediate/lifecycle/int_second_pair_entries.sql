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
        second_pairs.scoring_model,
        second_pairs.profile
    from {{ rows_of_this_run('lead_stage_history', 'history') }}
    inner join second_pairs
        on
            history.lead_id = second_pairs.lead_id
            and {{ is_valid_at('second_pairs', 'history.entered_at') }}

),

-- The gates that stand open at an entry by one of them.
open_gates as (

    select
        entries.lead_id,
        entries.stage_number,
        levels.track
    from entries
    inner join {{ rows_of_this_run('int_gate_levels', 'levels') }}
        on
            entries.lead_id = levels.lead_id
            and {{ is_valid_at('levels', 'entries.entered_at') }}
    where
        (entries.entered_by = 'sql_gate' and levels.is_sql_gate_open)
        or (entries.entered_by = 'mql_gate' and levels.is_mql_gate_open)

),

-- The main pair decides where both do.
by_gate as (

    select
        lead_id,
        stage_number
    from open_gates
    group by lead_id, stage_number
    having min(track) = 'second'

),

second_decisions as (

    select
        lead_id,
        stage_number
    from by_gate
    union all
    select
        lead_id,
        stage_number
    from {{ rows_of_this_run('int_entry_triggers') }}
    where track = 'second'

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
