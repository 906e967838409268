with

source as (

    select * from {{ raw_table('lead_status_changes') }}

),

parsed as (

    select
        *,
        {{ as_timestamp('changed_at') }} as parsed_changed_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('change_id'),
            problem_missing('changed_at'),
            problem_unreadable('changed_at'),
            problem_missing('status'),
            problem_unknown('status', ['mql', 'accepted', 'rejected', 'disqualified', 'recycled', 'regressed', 'reopened', 'contacted'])
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from parsed

),

typed as (

    select
        change_id,
        lead_id,
        {{ as_code('status') }} as status,
        {{ as_code('reason_code') }} as reason_code,
        rep_id,
        parsed_changed_at as changed_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('lead_status_changes') }}
        end as raw_row
    from checked

)

select * from typed
