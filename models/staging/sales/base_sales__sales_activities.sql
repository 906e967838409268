{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('sales_activities') }}

),

typed as (

    select
        {{ as_text('activity_id') }} as activity_id,
        {{ as_text('lead_id') }} as lead_id,
        {{ as_text('rep_id') }} as rep_id,
        {{ as_code('activity_type') }} as activity_type,
        {{ as_code('outcome') }} as outcome,
        {{ as_timestamp('occurred_at') }} as occurred_at,
        {{ row_as_json('sales_activities') }} as raw_row,
        {{ first_problem([
            problem_missing('activity_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at', 'timestamp'),
            problem_missing('activity_type'),
            problem_unknown('activity_type', ['assigned', 'call', 'email', 'meeting']),
            problem_unknown('outcome', ['connected', 'no_answer', 'replied', 'held', 'no_show'])
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from source

)

select * from typed
