with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

stages as (

    select * from {{ policy('stages') }}

),

timers as (

    select * from {{ ref('lead_qualification', 'int_timer_due_times') }}

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
        timers.due_at,
        {{ whole_days(as_of(), 'timers.due_at') }} as days_left,
        case
            when lead_stages.days_in_stage < stages.typical_days_low then 'early'
            when lead_stages.days_in_stage <= stages.typical_days_high then 'typical'
            when lead_stages.days_in_stage > stages.typical_days_high then 'over_typical'
        end as ageing,
        {{ as_of() }} as as_of
    from lead_stages
    inner join stages on lead_stages.stage = stages.stage
    left join timers on lead_stages.lead_id = timers.lead_id

)

select * from ageing
