-- The rules are in macros/handoff/checks.sql.
with

mqls as (

    select lead_stages.*
    from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
    inner join {{ policy('stages') }} as stages on lead_stages.stage = stages.stage
    where stages.role = 'mql'

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

),

incidents as (

    select
        signals.lead_id,
        {{ has_bounced() }} as has_bounced,
        {{ has_complained() }} as has_complained
    from {{ ref('lead_qualification', 'int_lead_signals') }} as signals
    inner join {{ policy('signals') }} as kinds on signals.signal = kinds.signal
    group by signals.lead_id

),

facts as (

    select
        mqls.lead_id,
        scores.grade,
        grade_scale.is_good as is_good_grade,
        scores.score,
        scores.last_engagement_at,
        current_scores.meaningful_signals,
        profiles.mql_min_score,
        leads.email_status,
        leads.phone_is_valid,
        states.is_opted_out,
        coalesce(incidents.has_bounced, false) as has_bounced,
        coalesce(incidents.has_complained, false) as has_complained,
        cast({{ lifecycle_setting('mql_engaged_days') }} as integer) as engaged_days,
        cast({{ lifecycle_setting('mql_meaningful_signals') }} as integer) as min_meaningful_signals
    from mqls
    inner join {{ ref('lead_qualification', 'int_current_states') }} as states on mqls.lead_id = states.lead_id
    inner join {{ ref('lead_qualification', 'int_leads') }} as leads on mqls.lead_id = leads.lead_id
    inner join scores on mqls.lead_id = scores.lead_id
    inner join {{ ref('lead_qualification', 'int_current_scores') }} as current_scores on {{ same_score('scores', 'current_scores') }}
    inner join {{ current_policy('qualification_profiles') }} as profiles on mqls.profile = profiles.profile
    inner join {{ current_policy('grade_scale') }} as grade_scale on scores.grade = grade_scale.grade
    left join incidents on mqls.lead_id = incidents.lead_id

),

checks as (

    {{ check_rows(mql_checks(), ['lead_id']) }}

),

quality as (

    select
        lead_id,
        check_number,
        check_name,
        result,
        detail,
        {{ as_of() }} as as_of
    from checks

)

select * from quality
