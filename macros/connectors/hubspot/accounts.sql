{#- Companies that are not deleted. -#}
{% macro hubspot_accounts(connector) -%}
    {%- set names = lead_qualification.hubspot_names(connector) -%}
    with

    companies as (

        select * from {{ lead_qualification.hubspot_relation(connector, 'companies') }}

    ),

    industries as (

        {{ lead_qualification.value_rows(connector, 'accounts', 'industry') }}

    ),

    country_names as (

        select * from {{ lead_qualification.country_names() }} as names_of_countries

    ),

    accounts as (

        select
            {{ lead_qualification.contract_columns(connector, 'accounts', {
                'account_id': 'companies.account_id',
                'name': 'companies.account_name',
                'domain': lead_qualification.as_domain('companies.domain'),
                'industry': 'coalesce(industries.contract_value, companies.industry)',
                'employee_count': 'companies.employee_count',
                'annual_revenue': 'companies.annual_revenue',
                'country': lead_qualification.country_or_text('companies.country'),
                'is_target_account': 'companies.is_target_account',
                'updated_at': 'companies.updated_at',
                'contract_column': "'industry'",
                'source_table': "'" ~ names.companies ~ "'",
                'source_column': "'" ~ names.property ~ "industry'",
                'source_value': 'companies.industry',
                'fate': "case when companies.is_deleted then 'left_out' else "
                    ~ lead_qualification.outcome_of_value('companies.industry', 'industries', 'passed_on') ~ ' end',
                'fate_reason': "case when companies.is_deleted then 'deleted' end"
            }, [names.companies], 'companies') }}
        from companies
        left join industries on lower(companies.industry) = industries.source_value
        left join country_names on {{ lead_qualification.as_country_name('companies.country') }} = country_names.country_name

    )

    select * from accounts
{%- endmacro %}
