{{ config(materialized='by_lead') }}

-- The instants at which a gate opens or closes; before the lead is first seen both are closed. Long because a
-- lead may have two pairs, and a gate is open if either's is.
with

levels as (

    select * from {{ rows_of_this_run('int_gate_levels') }}
    where valid_from <= {{ as_of() }}

),

{% if has_changing_pairs() %}
-- A gate is open while it is for the pair of either track.
edges as (

    select
        lead_id,
        valid_from as occurred_at,
        case when is_mql_gate_open then 1 else 0 end as mql_gate_change,
        case when is_sql_gate_open then 1 else 0 end as sql_gate_change
    from levels
    where is_mql_gate_open or is_sql_gate_open
    union all
    select
        lead_id,
        valid_to as occurred_at,
        case when is_mql_gate_open then -1 else 0 end as mql_gate_change,
        case when is_sql_gate_open then -1 else 0 end as sql_gate_change
    from levels
    where (is_mql_gate_open or is_sql_gate_open) and valid_to <= {{ as_of() }}

),

instants as (

    select
        lead_id,
        occurred_at,
        sum(mql_gate_change) as mql_gate_change,
        sum(sql_gate_change) as sql_gate_change
    from edges
    group by lead_id, occurred_at

),

either_pair as (

    select
        lead_id,
        occurred_at as valid_from,
        sum(mql_gate_change) over (
            partition by lead_id
            order by occurred_at
            rows between unbounded preceding and current row
        ) > 0 as is_mql_gate_open,
        sum(sql_gate_change) over (
            partition by lead_id
            order by occurred_at
            rows between unbounded preceding and current row
        ) > 0 as is_sql_gate_open
    from instants

),
{% else %}
either_pair as (

    select * from levels

),
{% endif %}
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
    from either_pair

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
