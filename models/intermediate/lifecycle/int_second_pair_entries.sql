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

levels as (

    select * from {{ rows_of_this_run('int_gate_levels') }}
    where is_mql_gate_open or is_sql_gate_open

),

-- When the gates of either pair open and close, and the entries through a gate among them.
gate_changes as (

    select
        lead_id,
        valid_from as occurred_at,
        cast(null as integer) as stage_number,
        cast(null as {{ dbt.type_string() }}) as gate,
        case when track = 'main' and is_mql_gate_open then 1 else 0 end as main_mql_gate,
        case when track = 'second' and is_mql_gate_open then 1 else 0 end as second_mql_gate,
        case when track = 'main' and is_sql_gate_open then 1 else 0 end as main_sql_gate,
        case when track = 'second' and is_sql_gate_open then 1 else 0 end as second_sql_gate
    from levels
    union all
    select
        lead_id,
        valid_to as occurred_at,
        cast(null as integer) as stage_number,
        cast(null as {{ dbt.type_string() }}) as gate,
        case when track = 'main' and is_mql_gate_open then -1 else 0 end as main_mql_gate,
        case when track = 'second' and is_mql_gate_open then -1 else 0 end as second_mql_gate,
        case when track = 'main' and is_sql_gate_open then -1 else 0 end as main_sql_gate,
        case when track = 'second' and is_sql_gate_open then -1 else 0 end as second_sql_gate
    from levels
    union all
    select
        lead_id,
        entered_at as occurred_at,
        stage_number,
        entered_by as gate,
        0 as main_mql_gate,
        0 as second_mql_gate,
        0 as main_sql_gate,
        0 as second_sql_gate
    from entries
    where is_gate

),

counted as (

    select
        lead_id,
        stage_number,
        gate,
        sum(main_mql_gate) over (
            partition by lead_id
            order by occurred_at
            range between unbounded preceding and current row
        ) as main_mql_gate,
        sum(second_mql_gate) over (
            partition by lead_id
            order by occurred_at
            range between unbounded preceding and current row
        ) as second_mql_gate,
        sum(main_sql_gate) over (
            partition by lead_id
            order by occurred_at
            range between unbounded preceding and current row
        ) as main_sql_gate,
        sum(second_sql_gate) over (
            partition by lead_id
            order by occurred_at
            range between unbounded preceding and current row
        ) as second_sql_gate
    from gate_changes

),

-- The main pair decides where both do.
by_gate as (

    select
        lead_id,
        stage_number
    from counted
    where
        (gate = 'sql_gate' and main_sql_gate = 0 and second_sql_gate > 0)
        or (gate = 'mql_gate' and main_mql_gate = 0 and second_mql_gate > 0)

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
