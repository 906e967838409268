with

source as (

    select * from {{ raw_table('opportunities') }}

),

parsed as (

    select
        *,
        {{ as_amount('amount') }} as parsed_amount,
        {{ as_timestamp('created_at') }} as parsed_created_at,
        {{ as_timestamp('closed_at') }} as parsed_closed_at,
        {{ as_boolean('is_won') }} as parsed_is_won
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('opportunity_id'),
            problem_missing('created_at'),
            problem_unreadable('created_at'),
            problem_unreadable('closed_at'),
            problem_if('parsed_amount < 0', 'negative amount'),
            problem_if('parsed_closed_at < parsed_created_at', 'closed before created')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('amount'),
            problem_unreadable('is_won')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        opportunity_id,
        lead_id,
        account_id,
        name,
        parsed_amount as amount,
        parsed_closed_at is not null and coalesce(parsed_is_won, false) as is_won,
        parsed_created_at as created_at,
        parsed_closed_at as closed_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('opportunities') }}
        end as raw_row
    from checked

)

select * from typed
