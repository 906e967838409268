with

frameworks as (

    select
        framework,
        criterion,
        position as criterion_position
    from {{ policy('frameworks') }}

),

answers as (

    select * from {{ ref('lead_qualification', 'int_framework_answers') }}

),

events as (

    select * from {{ ref('lead_qualification', 'int_framework_events') }}

),

leads as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

recommendations as (

    select * from {{ ref('lead_qualification', 'int_recommended_frameworks') }}

),

-- Most leads that were handed over have answered nothing: everything is missing.
unasked as (

    select
        framework,
        cast(count(*) as integer) as criteria,
        {{ joined_texts('criterion', ', ', 'criterion_position') }} as missing
    from frameworks
    group by framework

),

answered as (

    select distinct
        lead_id,
        framework
    from answers

),

criteria as (

    select
        answered.lead_id,
        answered.framework,
        frameworks.criterion,
        frameworks.criterion_position,
        coalesce(answers.answer, 'unknown') as answer,
        answers.answered_at
    from answered
    inner join frameworks on answered.framework = frameworks.framework
    left join answers
        on
            answered.lead_id = answers.lead_id
            and frameworks.framework = answers.framework
            and frameworks.criterion = answers.criterion
            and answers.next_answered_at is null

),

summed as (

    select
        lead_id,
        framework,
        cast(count(case when answer = 'confirmed' then 1 end) as integer) as confirmed,
        cast(count(case when answer = 'denied' then 1 end) as integer) as denied,
        {{ joined_texts("case when answer <> 'confirmed' then criterion end", ', ', 'criterion_position') }} as missing,
        max(answered_at) as last_answered_at
    from criteria
    group by lead_id, framework

),

asked as (

    select lead_id from {{ ref('lead_qualification', 'int_handoffs') }}
    union distinct
    select lead_id from answers

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
        coalesce(summed.confirmed, 0) as confirmed,
        coalesce(summed.denied, 0) as denied,
        unasked.criteria - coalesce(summed.confirmed, 0) - coalesce(summed.denied, 0) as unknown,
        coalesce(summed.confirmed = unasked.criteria, false) as passed,
        first_passes.first_passed_at,
        case when summed.lead_id is null then unasked.missing else summed.missing end as missing,
        summed.last_answered_at,
        recommendations.deal_amount,
        coalesce(leads.is_target_account, false) as is_target_account,
        recommendations.framework as recommended_framework,
        coalesce(recommendations.framework = unasked.framework, false) as is_recommended,
        {{ as_of() }} as as_of
    from asked
    cross join unasked
    inner join leads on asked.lead_id = leads.lead_id
    inner join recommendations on asked.lead_id = recommendations.lead_id
    left join summed
        on
            asked.lead_id = summed.lead_id
            and unasked.framework = summed.framework
    left join first_passes
        on
            asked.lead_id = first_passes.lead_id
            and unasked.framework = first_passes.framework

)

select * from qualification
