with

companies as (

    select * from {{ landed('hubspot_airbyte', 'companies') }}

),

renamed as (

    select
        companies.id as account_id,
        companies.properties_name as account_name,
        companies.properties_domain as domain,
        companies.properties_industry as industry,
        companies.properties_numberofemployees as employee_count,
        companies.properties_annualrevenue as annual_revenue,
        companies.properties_country as country,
        companies.properties_hs_is_target_account as is_target_account,
        coalesce({{ landed_time('companies.properties_hs_lastmodifieddate') }}, {{ landed_time('companies.updated_at') }}) as updated_at,
        {{ says_yes('companies.archived') }} as is_deleted
        {{- crm_items('hubspot_airbyte', ['companies'], 'companies', 'companies') }}
        {{- custom_items('hubspot_airbyte', 'accounts', ['companies'], 'companies', 'companies') }}
    from companies

)

select * from renamed
