with

contacts as (

    select * from {{ landed('hubspot_fivetran', 'contact') }}

),

renamed as (

    select
        contacts.id as contact_id,
        contacts.property_email as email,
        contacts.property_firstname as first_name,
        contacts.property_lastname as last_name,
        contacts.property_jobtitle as job_title,
        contacts.property_phone as phone,
        contacts.property_company as company_name,
        contacts.property_industry as industry,
        contacts.property_numemployees as employee_count,
        contacts.property_annualrevenue as annual_revenue,
        contacts.property_country as country,
        contacts.property_hs_analytics_source as lead_source,
        contacts.property_hubspot_owner_id as owner_id,
        contacts.property_associatedcompanyid as account_id,
        contacts.property_hs_merged_object_ids as merged_ids,
        contacts.property_hs_email_hard_bounce_reason_enum as bounce_reason,
        contacts.property_hs_email_optout as email_optout,
        {{ landed_time('contacts.property_createdate') }} as created_at,
        {{ landed_time('contacts.property_lastmodifieddate') }} as updated_at,
        {{ says_yes('contacts._fivetran_deleted') }} as is_deleted
        {{- crm_items('hubspot_fivetran', ['contact'], 'contact', 'contacts') }}
        {{- custom_items('hubspot_fivetran', 'leads', ['contact'], 'contact', 'contacts') }}
    from contacts

)

select * from renamed
