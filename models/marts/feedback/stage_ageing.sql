with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

states as (

    select * from {{ ref('lead_qualification', 'int_current_states') }}

),

stages as (

    select * from {{ policy('stages') }}

),

timers as (

    select * from {{ ref('lead_qualification', 'int_stage_timers') }}

),

ageing as (

    select
        lead_stages.lead_id,
        lead_stages.stage,
        lead_stages.funnel_stage,
        lead_stages.stage_owner,
        lead_stages.stage_entered_at,
        lead_stages.days_in_stage,
        stages.typical_days_low,
        stages.typical_days_high,
        stages.max_days,
        timers.timer_event,
        case when timers.timer_event is not null then states.timer_at end as due_at,
        {{ whole_days(as_of(), 'case when timers.timer_event is not null then states.timer_at end') }} as days_left,
        case
            when lead_stages.days_in_stage < stages.typical_days_low then 'early'
            when lead_stages.days_in_stage <= stages.typical_days_high then 'typical'
            when lead_stages.days_in_stage > stages.typical_days_high then 'over_typical'
        end as ageing,
        {{ as_of() }} as as_of
    from lead_stages
    inner join states on lead_stages.lead_id = states.lead_id
    inner join stages on lead_stages.stage = stages.stage
    -- A timer that fired without a transition does not fire again.
    left join timers
        on
            lead_stages.stage = timers.stage
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

select * from ageing
