with

source as (

    select * from {{ raw_table('campaign_costs') }}

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('campaign_id'),
            problem_missing('cost_date'),
            problem_unreadable('cost_date', 'date'),
            problem_missing('cost'),
            problem_unreadable('cost', 'amount'),
            problem_if(as_amount('cost') ~ ' < 0', 'negative cost')
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from source

),

typed as (

    select
        campaign_id,
        {{ as_amount('cost') }} as cost,
        {{ as_date('cost_date') }} as cost_date,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('campaign_costs') }}
        end as raw_row
    from checked

)

select * from typed
