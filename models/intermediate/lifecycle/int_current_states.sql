{{ config(materialized='by_lead') }}

-- Where the machine left each lead at as_of: its last round.
with

rounds as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by round desc
        ) as round_rank
    from {{ rows_of_this_run('int_stage_machine') }}

),

current_states as (

    select
        lead_id,
        stage_number,
        stage,
        entered_at,
        timer_at,
        timer_profile,
        regressions,
        cooldown_until,
        gates_from,
        is_sql_gate_open,
        is_mql_gate_open,
        is_framework_confirmed,
        is_opted_out,
        is_disqualified
    from rounds
    where round_rank = 1

)

select * from current_states
