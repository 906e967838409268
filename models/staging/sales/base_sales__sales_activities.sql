with

source as (

    select * from {{ raw_table('sales_activities') }}

),

parsed as (

    select
        *,
        {{ as_timestamp('occurred_at') }} as parsed_occurred_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('activity_id'),
            problem_missing('occurred_at'),
            problem_unreadable('occurred_at'),
            problem_missing('activity_type'),
            problem_unknown('activity_type', ['assigned', 'call', 'email', 'meeting']),
            problem_unknown('outcome', ['connected', 'no_answer', 'replied', 'held', 'no_show'])
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from parsed

),

typed as (

    select
        activity_id,
        lead_id,
        rep_id,
        {{ as_code('activity_type') }} as activity_type,
        {{ as_code('outcome') }} as outcome,
        parsed_occurred_at as occurred_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('sales_activities') }}
        end as raw_row
    from checked

)

select * from typed
