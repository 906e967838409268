{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('qualification_answers') }}

),

typed as (

    select
        {{ as_text('answer_id') }} as answer_id,
        {{ as_text('lead_id') }} as lead_id,
        {{ as_code('framework') }} as framework,
        {{ as_code('criterion') }} as criterion,
        {{ as_code('answer') }} as answer,
        {{ as_text('detail') }} as detail,
        {{ as_timestamp('answered_at') }} as answered_at,
        {{ row_as_json('qualification_answers') }} as raw_row,
        {{ first_problem([
            problem_missing('answer_id'),
            problem_missing('answered_at'),
            problem_unreadable('answered_at', 'timestamp'),
            problem_missing('answer'),
            problem_unknown('answer', ['confirmed', 'denied', 'unknown'])
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from source

)

select * from typed
