{{ config(materialized='ephemeral') }}

-- How far each lead is in each framework that it answered anything of: the answers that stand at as_of.
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

progress as (

    select
        lead_id,
        framework,
        cast(count(case when answer = 'confirmed' then 1 end) as integer) as confirmed,
        cast(count(case when answer = 'denied' then 1 end) as integer) as denied,
        {{ joined_texts("case when answer <> 'confirmed' then criterion end", ', ', 'criterion_position') }} as missing,
        max(answered_at) as last_answered_at
    from criteria
    group by lead_id, framework

)

select * from progress
