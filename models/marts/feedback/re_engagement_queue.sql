-- From re_engage_days_ahead before the cooldown ends until the lead was approached after it, entered another stage
-- or opted out.
with

waiting as (

    select re_engagements.*
    from {{ ref('lead_qualification', 'int_re_engagements') }} as re_engagements
    inner join {{ ref('lead_qualification', 'int_current_states') }} as states on re_engagements.lead_id = states.lead_id
    where
        not re_engagements.is_approached
        and not re_engagements.has_moved_on
        and not states.is_opted_out

),

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

),

settings as (

    select cast({{ lifecycle_setting('re_engage_days_ahead') }} as integer) as days_ahead

),

queue as (

    select
        waiting.lead_id,
        lead_stages.stage,
        lead_stages.channel,
        waiting.reason_code,
        waiting.nurture_track,
        waiting.cooldown_until,
        cast({{ report_time('waiting.cooldown_until') }} as date) as re_engage_on,
        cast({{ calendar_days(report_time(as_of()), report_time('waiting.cooldown_until')) }} as integer) as days_until,
        waiting.is_cooldown_over,
        scores.adjusted_score,
        scores.grade,
        scores.top_contributions,
        scores.last_engagement_at,
        {{ as_of() }} as as_of
    from waiting
    inner join lead_stages on waiting.lead_id = lead_stages.lead_id
    inner join scores on waiting.lead_id = scores.lead_id
    cross join settings
    where waiting.cooldown_until < {{ add_days(as_of(), 'settings.days_ahead') }}

)

select * from queue
