with

frameworks as (

    select
        framework,
        criterion,
        position as criterion_position
    from {{ ref('frameworks') }}

),

answers as (

    select * from {{ ref('int_framework_answers') }}

),

events as (

    select * from {{ ref('int_framework_events') }}

),

leads as (

    select * from {{ ref('int_leads') }}

),

recommendations as (

    select * from {{ ref('int_recommended_frameworks') }}

),

asked as (

    select lead_id from {{ ref('int_handoffs') }}
    union distinct
    select lead_id from answers

),

criteria as (

    select
        asked.lead_id,
        frameworks.framework,
        frameworks.criterion,
        frameworks.criterion_position,
        coalesce(answers.answer, 'unknown') as answer,
        answers.answered_at
    from asked
    cross join frameworks
    left join answers
        on
            asked.lead_id = answers.lead_id
            and frameworks.framework = answers.framework
            and frameworks.criterion = answers.criterion
            and answers.next_answered_at is null

),

summed as (

    select
        lead_id,
        framework,
        cast(count(*) as integer) as criteria,
        cast(count(case when answer = 'confirmed' then 1 end) as integer) as confirmed,
        cast(count(case when answer = 'denied' then 1 end) as integer) as denied,
        cast(count(case when answer = 'unknown' then 1 end) as integer) as unknown,
        {{ joined_texts("case when answer <> 'confirmed' then criterion end", ', ', 'criterion_position') }} as missing,
        max(answered_at) as last_answered_at
    from criteria
    group by lead_id, framework

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
        summed.lead_id,
        summed.framework,
        summed.criteria,
        summed.confirmed,
        summed.denied,
        summed.unknown,
        summed.confirmed = summed.criteria as passed,
        first_passes.first_passed_at,
        summed.missing,
        summed.last_answered_at,
        recommendations.deal_amount,
        coalesce(leads.is_target_account, false) as is_target_account,
        recommendations.framework as recommended_framework,
        coalesce(recommendations.framework = summed.framework, false) as is_recommended,
        {{ as_of() }} as as_of
    from summed
    inner join leads on summed.lead_id = leads.lead_id
    inner join recommendations on summed.lead_id = recommendations.lead_id
    left join first_passes
        on
            summed.lead_id = first_passes.lead_id
            and summed.framework = first_passes.framework

)

select * from qualification
