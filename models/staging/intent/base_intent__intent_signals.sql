{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('intent_signals') }}

),

typed as (

    select
        {{ as_text('signal_id') }} as signal_id,
        {{ as_text('provider') }} as provider,
        {{ as_domain('account_domain') }} as account_domain,
        {{ as_code('signal_type') }} as signal_type,
        {{ as_text('topic') }} as topic,
        {{ as_timestamp('occurred_at') }} as occurred_at,
        {{ as_timestamp('received_at') }} as received_at,
        {{ row_as_json('intent_signals') }} as raw_row,
        {{ first_problem([
            problem_missing('signal_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at', 'timestamp')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at', 'timestamp')
        ]) }} as value_problem
    from source

)

select * from typed
