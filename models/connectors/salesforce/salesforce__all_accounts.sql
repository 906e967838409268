with

accounts as (

    select * from {{ landed('salesforce', 'account') }}

),

industries as (

    {{ value_rows('salesforce', 'accounts', 'industry') }}

),

country_names as (

    select * from {{ country_names() }} as names_of_countries

),

judged as (

    select
        {{ contract_columns('salesforce', 'accounts', {
            'account_id': 'accounts.id',
            'name': 'accounts.name',
            'domain': as_domain('accounts.website'),
            'industry': 'coalesce(industries.contract_value, accounts.industry)',
            'employee_count': 'accounts.number_of_employees',
            'annual_revenue': 'accounts.annual_revenue',
            'country': country_or_text('coalesce(accounts.billing_country_code, accounts.billing_country)'),
            'is_competitor': 'case when accounts.type is not null then ' ~ true_or_false("lower(accounts.type) = 'competitor'") ~ ' end',
            'updated_at': landed_time('accounts.last_modified_date'),
            'contract_column': "'industry'",
            'source_table': "'account'",
            'source_column': "'industry'",
            'source_value': 'accounts.industry',
            'fate': "case when " ~ salesforce_deleted('accounts') ~ " then 'left_out' else "
                ~ outcome_of_value('accounts.industry', 'industries', 'passed_on') ~ ' end',
            'fate_reason': "case when " ~ salesforce_deleted('accounts') ~ " then 'deleted' end"
        }, ['account'], 'accounts') }}
    from accounts
    left join industries on lower(accounts.industry) = industries.source_value
    left join country_names
        on {{ as_country_name('coalesce(accounts.billing_country_code, accounts.billing_country)') }} = country_names.country_name

)

select * from judged
