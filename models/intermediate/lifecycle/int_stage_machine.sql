{{ config(
    materialized='by_lead',
    post_hook="{{ lead_qualification.stop_if_too_many_transitions(this) }}"
) }}

-- The lifecycle machine. One round takes one step for every lead at once: the next event, the timer
-- of the stage, the moment from which gates count again (gates_from), or what follows at the same
-- instant: a framework that is confirmed, then the SQL gate, then the MQL gate. Where a boundary of the
-- policy may have begun a transition, gates are looked at again. A lead is done
-- when nothing is left to happen up to as_of.
{{ stage_machine() }}
