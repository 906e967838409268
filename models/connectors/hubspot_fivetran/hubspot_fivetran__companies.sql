with

companies as (

    select * from {{ landed('hubspot_fivetran', 'company') }}

),

renamed as (

    select
        companies.id as account_id,
        companies.property_name as account_name,
        companies.property_domain as domain,
        companies.property_industry as industry,
        companies.property_numberofemployees as employee_count,
        companies.property_annualrevenue as annual_revenue,
        companies.property_country as country,
        companies.property_hs_is_target_account as is_target_account,
        {{ landed_time('companies.property_hs_lastmodifieddate') }} as updated_at,
        {{ says_yes('companies.is_deleted') }} or {{ says_yes('companies._fivetran_deleted') }} as is_deleted
        {{- crm_items('hubspot_fivetran', ['company'], 'company', 'companies') }}
        {{- custom_items('hubspot_fivetran', 'accounts', ['company'], 'company', 'companies') }}
    from companies

)

select * from renamed
