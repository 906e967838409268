with

source as (

    select * from {{ raw_table('email_events') }}

),

parsed as (

    select
        *,
        {{ as_timestamp('occurred_at') }} as parsed_occurred_at,
        {{ as_timestamp('received_at') }} as parsed_received_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('event_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at'),
            problem_missing('program'),
            problem_unknown('program', ['marketing', 'cold_outbound'])
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        event_id,
        {{ as_address('email') }} as email,
        campaign_id,
        {{ as_code('program') }} as program,
        {{ as_code('event_type') }} as event_type,
        link_url,
        user_agent,
        parsed_occurred_at as occurred_at,
        parsed_received_at as received_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('email_events') }}
        end as raw_row
    from checked

)

select * from typed
