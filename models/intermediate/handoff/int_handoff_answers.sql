{{ config(materialized='ephemeral') }}

-- The answers to the qualification frameworks that stood at the hand-off.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

answers as (

    select * from {{ rows_of_this_run('int_framework_answers') }}

),

standing as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        answers.framework,
        answers.criterion,
        answers.answer,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by {{ bytewise('answers.framework') }}, answers.criterion_position
        ) as answer_rank
    from handoffs
    inner join answers
        on
            handoffs.lead_id = answers.lead_id
            and handoffs.handed_off_at >= answers.answered_at
            and (answers.next_answered_at is null or handoffs.handed_off_at < answers.next_answered_at)

),

handoff_answers as (

    select
        lead_id,
        handoff_number,
        {{ json_array_of_texts([
            {'name': 'framework', 'value': 'framework'},
            {'name': 'criterion', 'value': 'criterion'},
            {'name': 'answer', 'value': 'answer'}
        ], 'answer_rank') }} as framework_answers
    from standing
    group by lead_id, handoff_number

)

select * from handoff_answers
