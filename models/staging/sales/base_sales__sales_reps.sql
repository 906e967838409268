with

source as (

    select * from {{ raw_table('sales_reps') }}

),

parsed as (

    select
        *,
        {{ as_boolean('is_active') }} as parsed_is_active
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('rep_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unreadable('is_active')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        rep_id,
        name,
        territory,
        {{ as_code('segment') }} as segment,
        parsed_is_active as is_active,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('sales_reps') }}
        end as raw_row
    from checked

)

select * from typed
