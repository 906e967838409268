with

source as (

    select * from {{ raw_table('qualification_answers') }}

),

parsed as (

    select
        *,
        {{ as_timestamp('answered_at') }} as parsed_answered_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('answer_id'),
            problem_missing('answered_at'),
            problem_unreadable('answered_at'),
            problem_missing('answer'),
            problem_unknown('answer', ['confirmed', 'denied', 'unknown'])
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from parsed

),

typed as (

    select
        answer_id,
        lead_id,
        {{ as_code('framework') }} as framework,
        {{ as_code('criterion') }} as criterion,
        {{ as_code('answer') }} as answer,
        detail,
        parsed_answered_at as answered_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('qualification_answers') }}
        end as raw_row
    from checked

)

select * from typed
