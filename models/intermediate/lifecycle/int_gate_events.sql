-- The instants at which a gate opens or closes; before the lead is first seen both are closed.
with

levels as (

    select * from {{ ref('int_gate_levels') }}
    where valid_from <= {{ as_of() }}

),

gates as (

    select
        lead_id,
        'mql_gate' as gate,
        valid_from,
        is_mql_gate_open as is_open
    from levels
    union all
    select
        lead_id,
        'sql_gate' as gate,
        valid_from,
        is_sql_gate_open as is_open
    from levels

),

compared as (

    select
        *,
        lag(is_open) over (
            partition by lead_id, gate
            order by valid_from
        ) as was_open
    from gates

),

changes as (

    select
        lead_id,
        gate,
        valid_from as occurred_at,
        is_open
    from compared
    where is_open <> coalesce(was_open, false)

)

select * from changes
