-- From gates_from on, no lead rests in a stage that an open gate of it would leave.
select
    states.lead_id,
    states.stage,
    transitions.event
from {{ ref('lead_qualification', 'int_current_states') }} as states
inner join {{ current_policy('stage_transitions') }} as transitions
    on
        states.stage = transitions.from_stage
        and (
            (transitions.event = 'sql_gate' and states.is_sql_gate_open)
            or (transitions.event = 'mql_gate' and states.is_mql_gate_open)
        )
where
    states.gates_from <= {{ as_of() }}
    -- A detour may keep a disqualified or opted-out lead where it is.
    and not states.is_disqualified
    and not states.is_opted_out
