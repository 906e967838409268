with

source as (

    select * from {{ raw_table('intent_signals') }}

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
            problem_missing('signal_id'),
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
        signal_id,
        provider,
        {{ as_domain('account_domain') }} as account_domain,
        {{ as_code('signal_type') }} as signal_type,
        topic,
        parsed_occurred_at as occurred_at,
        parsed_received_at as received_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('intent_signals') }}
        end as raw_row
    from checked

)

select * from typed
