-- A lead leaves a stage at the latest when its timer runs out.
select
    history.lead_id,
    history.stage_number,
    history.stage
from {{ ref('lead_qualification', 'lead_stage_history') }} as history
left join {{ ref('lead_qualification', 'int_lead_profile_history') }} as lead_profiles
    on
        history.lead_id = lead_profiles.lead_id
        and {{ is_valid_at('lead_profiles', 'history.entered_at') }}
        and lead_profiles.profile in (select timer_profiles.timer_profile from {{ timer_profiles() }} as timer_profiles)
inner join {{ timers_by_profile() }} as timers
    on
        history.stage = timers.stage
        and coalesce(lead_profiles.profile, '') = timers.timer_profile
        {{ and_in_force('timers', 'history.entered_at') }}
inner join {{ dated_policy('stage_transitions') }} as transitions
    on
        timers.stage = transitions.from_stage
        and timers.timer_event = transitions.event
        {{ and_in_force('transitions', add_days('history.entered_at', 'timers.after_days')) }}
where coalesce(history.exited_at, {{ as_of() }}) > {{ add_days('history.entered_at', 'timers.after_days') }}
