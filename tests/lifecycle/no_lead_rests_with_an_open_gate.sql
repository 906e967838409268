-- From gates_from on, no lead rests in a stage that an open gate of it would leave.
with

last_rounds as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by round desc
        ) as round_rank
    from {{ ref('int_stage_machine') }}

)

select
    last_rounds.lead_id,
    last_rounds.stage,
    transitions.event
from last_rounds
inner join {{ ref('stage_transitions') }} as transitions
    on
        last_rounds.stage = transitions.from_stage
        and (
            (transitions.event = 'sql_gate' and last_rounds.is_sql_gate_open)
            or (transitions.event = 'mql_gate' and last_rounds.is_mql_gate_open)
        )
where
    last_rounds.round_rank = 1
    and last_rounds.gates_from <= {{ as_of() }}
    -- A detour may keep a disqualified or opted-out lead where it is.
    and not last_rounds.is_disqualified
    and not last_rounds.is_opted_out
