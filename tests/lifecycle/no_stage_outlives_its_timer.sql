-- A lead leaves a stage at the latest when its timer runs out.
select
    history.lead_id,
    history.stage_number,
    history.stage
from {{ ref('lead_qualification', 'lead_stage_history') }} as history
inner join {{ dated_policy('stage_timers') }} as timers
    on
        history.stage = timers.stage
        {{ and_in_force('timers', 'history.entered_at') }}
inner join {{ dated_policy('stage_transitions') }} as transitions
    on
        timers.stage = transitions.from_stage
        and timers.timer_event = transitions.event
        {{ and_in_force('transitions', add_days('history.entered_at', 'timers.after_days')) }}
where coalesce(history.exited_at, {{ as_of() }}) > {{ add_days('history.entered_at', 'timers.after_days') }}
