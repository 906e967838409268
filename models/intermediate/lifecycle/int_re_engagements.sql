-- The leads that wait with a cooldown set, and whether somebody approached them after its end: by a call, a meeting,
-- an e-mail of sales or a delivery. has_moved_on: they entered another stage since the cooldown was set.
with

lead_stages as (

    select lead_stages.*
    from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
    inner join {{ policy('stages') }} as stages on lead_stages.stage = stages.stage
    where {{ waits_for_re_engagement('stages.role') }}

),

cooldowns as (

    select * from {{ ref('lead_qualification', 'int_cooldowns') }}

),

approaches as (

    select
        lead_id,
        occurred_at
    from {{ ref('lead_qualification', 'int_sales_activities') }}
    where activity_type in ('call', 'meeting', 'email')
    union all
    select
        lead_id,
        occurred_at
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    where
        source = 'email_events'
        and event_name = 'delivered'
        and lead_id is not null

),

last_approaches as (

    select
        lead_id,
        max(occurred_at) as approached_at
    from approaches
    where occurred_at <= {{ as_of() }}
    group by lead_id

),

re_engagements as (

    select
        lead_stages.lead_id,
        cooldowns.reason_code,
        cooldowns.nurture_track,
        cooldowns.cooldown_until,
        cooldowns.cooldown_until <= {{ as_of() }} as is_cooldown_over,
        coalesce(last_approaches.approached_at > cooldowns.cooldown_until, false) as is_approached,
        lead_stages.stage_entered_at > cooldowns.set_at as has_moved_on
    from lead_stages
    inner join cooldowns on lead_stages.lead_id = cooldowns.lead_id
    left join last_approaches on lead_stages.lead_id = last_approaches.lead_id

)

select * from re_engagements
