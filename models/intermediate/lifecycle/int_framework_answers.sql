{{ config(materialized='by_lead') }}

-- Answers to the criteria of the frameworks, up to as_of: of two to one criterion at one instant
-- the larger id counts.
with

answers as (

    select * from {{ ref('lead_qualification', 'stg_crm__qualification_answers') }}
    where answered_at <= {{ as_of() }}

),

records as (

    select * from {{ rows_of_this_run('int_lead_records') }}

),

criteria as (

    select * from {{ policy('frameworks') }}

),

ranked as (

    select
        records.lead_id,
        criteria.framework,
        criteria.criterion,
        criteria.position as criterion_position,
        answers.answered_at,
        answers.answer_id,
        answers.answer,
        row_number() over (
            partition by records.lead_id, criteria.framework, criteria.criterion, answers.answered_at
            order by {{ bytewise('answers.answer_id') }} desc
        ) as rank_of_instant
    from answers
    inner join records on answers.lead_id = records.record_id
    inner join criteria
        on
            answers.framework = lower(criteria.framework)
            and answers.criterion = lower(criteria.criterion)

),

framework_answers as (

    select
        lead_id,
        framework,
        criterion,
        criterion_position,
        answered_at,
        lead(answered_at) over (
            partition by lead_id, framework, criterion
            order by answered_at
        ) as next_answered_at,
        answer_id,
        answer
    from ranked
    where rank_of_instant = 1

)

select * from framework_answers
