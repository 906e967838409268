with

source as (

    select * from {{ raw_table('accounts') }}

),

parsed as (

    select
        *,
        {{ as_integer('employee_count') }} as parsed_employee_count,
        {{ as_amount('annual_revenue') }} as parsed_annual_revenue,
        {{ as_integer('crm_account_score') }} as parsed_crm_account_score,
        {{ as_boolean('crm_is_in_market') }} as parsed_crm_is_in_market,
        {{ as_boolean('is_competitor') }} as parsed_is_competitor,
        {{ as_boolean('is_target_account') }} as parsed_is_target_account,
        {{ as_timestamp('updated_at') }} as parsed_updated_at
    from source

),

checked as (

    select
        *,
        {{ first_problem([
            problem_missing('account_id')
        ]) }} as row_problem,
        {{ first_problem([
            problem_unknown('status', ['active', 'acquired', 'closed']),
            problem_unreadable('employee_count'),
            problem_unreadable('annual_revenue'),
            problem_unreadable('is_competitor'),
            problem_unreadable('is_target_account'),
            problem_unreadable('crm_account_score'),
            problem_unreadable('crm_is_in_market'),
            problem_unreadable('updated_at')
        ]) }} as value_problem
    from parsed

),

typed as (

    select
        account_id,
        name,
        {{ as_domain('domain') }} as domain,
        industry,
        country,
        crm_account_stage,
        case
            when lower(status) in ('active', 'acquired', 'closed')
                then {{ as_code('status') }}
        end as status,
        parsed_employee_count as employee_count,
        parsed_annual_revenue as annual_revenue,
        parsed_is_competitor as is_competitor,
        parsed_is_target_account as is_target_account,
        parsed_crm_account_score as crm_account_score,
        parsed_crm_is_in_market as crm_is_in_market,
        parsed_updated_at as updated_at,
        row_problem,
        value_problem,
        case
            when row_problem is not null or value_problem is not null
                then {{ row_as_json('accounts') }}
        end as raw_row
    from checked

)

select * from typed
