with

source as (

    select * from {{ raw_table('campaign_costs') }}

),

parsed as (

    select
        *,
        {{ as_amount('cost') }} as parsed_cost,
        {{ as_date('cost_date') }} as parsed_cost_date
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('campaign_id'),
            problem_missing('cost_date'),
            problem_unreadable('cost_date'),
            problem_missing('cost'),
            problem_unreadable('cost'),
            problem_if('parsed_cost < 0', 'negative cost')
        ]) }} as row_problem,
        cast(null as {{ dbt.type_string() }}) as value_problem
    from parsed

),

typed as (

    select
        campaign_id,
        parsed_cost as cost,
        parsed_cost_date as cost_date,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('campaign_costs') }}
        end as raw_row
    from checked

)

select * from typed
