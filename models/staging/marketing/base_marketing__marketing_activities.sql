with

source as (

    select * from {{ raw_table('marketing_activities') }}

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
            problem_missing('activity_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at'),
            problem_missing('activity_type')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('received_at')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        activity_id,
        lead_id,
        {{ as_address('email') }} as email,
        {{ as_code('activity_type') }} as activity_type,
        asset,
        campaign_id,
        parsed_occurred_at as occurred_at,
        parsed_received_at as received_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('marketing_activities') }}
        end as raw_row
    from checked

)

select * from typed
