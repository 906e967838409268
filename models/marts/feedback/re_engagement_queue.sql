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

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

),

settings as (

    select
        cast({{ lifecycle_setting('re_engage_days_past') }} as integer) as days_past,
        cast({{ lifecycle_setting('re_engage_days_ahead') }} as integer) as days_ahead

),

queue as (

    select
        lead_stages.lead_id,
        lead_stages.stage,
        lead_stages.channel,
        cooldowns.reason_code,
        cooldowns.nurture_track,
        cooldowns.cooldown_until,
        cast(cooldowns.cooldown_until as date) as re_engage_on,
        cast({{ calendar_days(as_of(), 'cooldowns.cooldown_until') }} as integer) as days_until,
        cooldowns.cooldown_until <= {{ as_of() }} as is_cooldown_over,
        scores.adjusted_score,
        scores.grade,
        scores.top_contributions,
        scores.last_engagement_at,
        {{ as_of() }} as as_of
    from lead_stages
    inner join cooldowns on lead_stages.lead_id = cooldowns.lead_id
    inner join scores on lead_stages.lead_id = scores.lead_id
    cross join settings
    where
        cooldowns.cooldown_until >= {{ add_days(as_of(), '-settings.days_past') }}
        and cooldowns.cooldown_until < {{ add_days(as_of(), 'settings.days_ahead') }}

)

select * from queue
