with

source as (

    select * from {{ raw_table('opportunities') }}

),

checked as (

    select
        *,
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

),

typed as (

    select
        opportunity_id,
        lead_id,
        account_id,
        name,
        {{ as_amount('amount') }} as amount,
        {{ as_timestamp('closed_at') }} is not null and coalesce({{ as_boolean('is_won') }}, false) as is_won,
        {{ as_timestamp('created_at') }} as created_at,
        {{ as_timestamp('closed_at') }} as closed_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('opportunities') }}
        end as raw_row
    from checked

)

select * from typed
