{{ config(materialized='by_lead') }}

-- The instants at which a gate opens or closes; before the lead is first seen both are closed.
with

levels as (

    select * from {{ rows_of_this_run('int_gate_levels') }}
    where valid_from <= {{ as_of() }}

),

compared as (

    select
        *,
        lag(is_mql_gate_open, 1, false) over (
            partition by lead_id
            order by valid_from
        ) as was_mql_gate_open,
        lag(is_sql_gate_open, 1, false) over (
            partition by lead_id
            order by valid_from
        ) as was_sql_gate_open
    from levels

),

changes as (

    select
        lead_id,
        'mql_gate' as gate,
        valid_from as occurred_at,
        is_mql_gate_open as is_open
    from compared
    where is_mql_gate_open <> was_mql_gate_open
    union all
    select
        lead_id,
        'sql_gate' as gate,
        valid_from as occurred_at,
        is_sql_gate_open as is_open
    from compared
    where is_sql_gate_open <> was_sql_gate_open

)

select * from changes
