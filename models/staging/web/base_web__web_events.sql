with

source as (

    select * from {{ raw_table('web_events') }}

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
            problem_unreadable('occurred_at')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        event_id,
        anonymous_id,
        lead_id,
        {{ as_address('email') }} as email,
        session_id,
        {{ as_code('event_name') }} as event_name,
        page_url,
        {{ as_code('page_path') }} as page_path,
        user_agent,
        parsed_occurred_at as occurred_at,
        parsed_received_at as received_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('web_events') }}
        end as raw_row
    from checked

)

select * from typed
