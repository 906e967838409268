{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('opportunities') }}

),

typed as (

    select
        {{ as_text('opportunity_id') }} as opportunity_id,
        {{ as_text('lead_id') }} as lead_id,
        {{ as_text('account_id') }} as account_id,
        {{ as_text('name') }} as name,
        {{ as_amount('amount') }} as amount,
        {{ as_timestamp('closed_at') }} is not null and coalesce({{ as_boolean('is_won') }}, false) as is_won,
        {{ as_timestamp('created_at') }} as created_at,
        {{ as_timestamp('closed_at') }} as closed_at,
        {{ row_as_json('opportunities') }} as raw_row,
        {{ first_problem([
            problem_missing('opportunity_id'),
            problem_missing('created_at'),
            problem_unreadable('created_at', 'timestamp'),
            problem_unreadable('closed_at', 'timestamp'),
            problem_if(as_amount('amount') ~ ' < 0', 'negative amount'),
            problem_if(as_timestamp('closed_at') ~ ' < ' ~ as_timestamp('created_at'), 'closed before created')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('amount', 'amount'),
            problem_unreadable('is_won', 'boolean')
        ]) }} as value_problem
    from source

)

select * from typed
