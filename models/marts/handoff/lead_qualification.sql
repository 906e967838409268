with

progress as (

    select * from {{ ref('lead_qualification', 'int_framework_progress') }}

),

events as (

    select * from {{ ref('lead_qualification', 'int_framework_events') }}

),

-- Most leads that were handed over have answered nothing: everything is missing.
unasked as (

    select
        framework,
        cast(count(*) as integer) as criteria,
        {{ joined_texts('criterion', ', ', 'position') }} as missing
    from {{ policy('frameworks') }}
    group by framework

),

asked as (

    select lead_id from {{ ref('lead_qualification', 'int_handoffs') }}
    union distinct
    select lead_id from progress

),

first_passes as (

    select
        lead_id,
        framework,
        min(occurred_at) as first_passed_at
    from events
    where is_confirmed
    group by lead_id, framework

),

qualification as (

    select
        asked.lead_id,
        unasked.framework,
        unasked.criteria,
        coalesce(progress.confirmed, 0) as confirmed,
        coalesce(progress.denied, 0) as denied,
        unasked.criteria - coalesce(progress.confirmed, 0) - coalesce(progress.denied, 0) as unknown,
        coalesce(progress.confirmed = unasked.criteria, false) as passed,
        first_passes.first_passed_at,
        case when progress.lead_id is null then unasked.missing else progress.missing end as missing,
        progress.last_answered_at,
        recommendations.deal_amount,
        coalesce(leads.is_target_account, false) as is_target_account,
        recommendations.framework as recommended_framework,
        coalesce(recommendations.framework = unasked.framework, false) as is_recommended,
        {{ as_of() }} as as_of
    from asked
    cross join unasked
    inner join {{ ref('lead_qualification', 'int_leads') }} as leads on asked.lead_id = leads.lead_id
    inner join {{ ref('lead_qualification', 'int_recommended_frameworks') }} as recommendations on asked.lead_id = recommendations.lead_id
    left join progress
        on
            asked.lead_id = progress.lead_id
            and unasked.framework = progress.framework
    left join first_passes
        on
            asked.lead_id = first_passes.lead_id
            and unasked.framework = first_passes.framework

)

select * from qualification
