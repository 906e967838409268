{{ config(materialized='view') }}

with

source as (

    select * from {{ raw_table('email_events') }}

),

typed as (

    select
        {{ as_text('event_id') }} as event_id,
        {{ as_address('email') }} as email,
        {{ as_text('campaign_id') }} as campaign_id,
        {{ as_code('program') }} as program,
        {{ as_code('event_type') }} as event_type,
        {{ as_text('link_url') }} as link_url,
        {{ as_text('user_agent') }} as user_agent,
        {{ as_timestamp('occurred_at') }} as occurred_at,
        {{ as_timestamp('received_at') }} as received_at,
        {{ row_as_json('email_events') }} as raw_row,
        {{ first_problem([
            problem_missing('event_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at', 'timestamp'),
            problem_missing('program'),
            problem_unknown('program', ['marketing', 'cold_outbound'])
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at', 'timestamp')
        ]) }} as value_problem
    from source

)

select * from typed
