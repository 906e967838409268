{{ config(materialized='by_lead') }}

-- The instants at which a gate opens or closes; before the lead is first seen both are closed. A lead may have
-- two pairs, and a gate is open while it is for either.
with

levels as (

    select * from {{ rows_of_this_run('int_gate_levels') }}
    where valid_from <= {{ as_of() }}

),

edges as (

    select
        lead_id,
        valid_from as occurred_at,
        case when is_mql_gate_open then 1 else 0 end as mql_change,
        case when is_sql_gate_open then 1 else 0 end as sql_change
    from levels
    union all
    select
        lead_id,
        valid_to as occurred_at,
        case when is_mql_gate_open then -1 else 0 end as mql_change,
        case when is_sql_gate_open then -1 else 0 end as sql_change
    from levels
    where valid_to <= {{ as_of() }}

),

-- Where one interval ends and the next begins with the same gates open, nothing changes.
instants as (

    select
        lead_id,
        occurred_at,
        sum(mql_change) as mql_gate_change,
        sum(sql_change) as sql_gate_change
    from edges
    group by lead_id, occurred_at
    having sum(mql_change) <> 0 or sum(sql_change) <> 0

),

counted as (

    select
        *,
        sum(mql_gate_change) over (
            partition by lead_id
            order by occurred_at
            rows between unbounded preceding and current row
        ) as mql_gates_open,
        sum(sql_gate_change) over (
            partition by lead_id
            order by occurred_at
            rows between unbounded preceding and current row
        ) as sql_gates_open
    from instants

),

changes as (
    {% for gate in ('mql_gate', 'sql_gate') %}
    select
        lead_id,
        '{{ gate }}' as gate,
        occurred_at,
        {{ gate }}s_open > 0 as is_open
    from counted
    where ({{ gate }}s_open > 0) <> ({{ gate }}s_open - {{ gate }}_change > 0)
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from changes
