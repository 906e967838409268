{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('sales_reps') }}

),

typed as (

    select
        {{ as_text('rep_id') }} as rep_id,
        {{ as_text('name') }} as name,
        {{ as_text('territory') }} as territory,
        {{ as_code('segment') }} as segment,
        {{ as_boolean('is_active') }} as is_active,
        {{ row_as_json('sales_reps') }} as raw_row,
        {{ first_problem([
            problem_missing('rep_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('is_active', 'boolean')
        ]) }} as value_problem
    from source

)

select * from typed
