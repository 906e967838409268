{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('product_events') }}

),

typed as (

    select
        {{ as_text('event_id') }} as event_id,
        {{ as_address('email') }} as email,
        {{ as_text('account_id') }} as account_id,
        {{ as_code('event_name') }} as event_name,
        {{ as_timestamp('occurred_at') }} as occurred_at,
        {{ as_timestamp('received_at') }} as received_at,
        {{ row_as_json('product_events') }} as raw_row,
        {{ first_problem([
            problem_missing('event_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at', 'timestamp')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at', 'timestamp')
        ]) }} as value_problem
    from source

)

select * from typed
