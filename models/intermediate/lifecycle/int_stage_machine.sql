{{ config(
    materialized='by_lead',
    partition_by='round',
    post_hook=[
        "{{ lead_qualification.machine_further_rounds(this) }}",
        "{{ lead_qualification.stop_if_too_many_transitions(this) }}",
    ]
) }}

-- The lifecycle machine. One round takes one step for every lead at once: the next event, the timer
-- of the stage, the moment from which gates count again (gates_from), or what follows at the same
-- instant: a framework that is confirmed, then the SQL gate, then the MQL gate. A lead is done
-- when nothing is left to happen up to as_of.
{{ recursion('machine', machine_inputs(), machine_start(), machine_step()) }}
