-- When the timer of its stage moves each lead on, if one runs.
with

states as (

    select * from {{ ref('lead_qualification', 'int_current_states') }}

),

timers as (

    select * from {{ ref('lead_qualification', 'int_stage_timers') }}

),

timer_due_times as (

    select
        states.lead_id,
        timers.timer_event,
        states.timer_at as due_at
    from states
    -- A timer that fired without a transition does not fire again.
    inner join timers
        on
            states.stage = timers.stage
            {%- if has_profile_timers() %}
            and states.timer_profile = timers.timer_profile
            {%- endif %}
            and states.timer_at < {{ never() }}
            {%- if has_policy_versions() %}
            and {{ is_in_force('timers', 'states.entered_at') }}
            and timers.fires_from <= states.timer_at
            and timers.fires_to > states.timer_at
            {%- else %}
            and true
            {%- endif %}

)

select * from timer_due_times
