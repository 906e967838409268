-- Long because archived contacts are a stream of their own.
with

contacts as (

    select * from {{ landed('hubspot_airbyte', 'contacts') }}

),

contacts_archived as (

    select * from {{ landed('hubspot_airbyte', 'contacts_archived') }}

),

living as (

    select
        contacts.id as contact_id,
        contacts.properties_email as email,
        contacts.properties_firstname as first_name,
        contacts.properties_lastname as last_name,
        contacts.properties_jobtitle as job_title,
        contacts.properties_phone as phone,
        contacts.properties_company as company_name,
        contacts.properties_industry as industry,
        contacts.properties_numemployees as employee_count,
        contacts.properties_annualrevenue as annual_revenue,
        contacts.properties_country as country,
        contacts.properties_hs_analytics_source as lead_source,
        contacts.properties_hubspot_owner_id as owner_id,
        contacts.properties_associatedcompanyid as account_id,
        contacts.properties_hs_merged_object_ids as merged_ids,
        contacts.properties_hs_email_hard_bounce_reason_enum as bounce_reason,
        contacts.properties_hs_email_optout as email_optout,
        coalesce({{ landed_time('contacts.created_at') }}, {{ landed_time('contacts.properties_createdate') }}) as created_at,
        coalesce({{ landed_time('contacts.updated_at') }}, {{ landed_time('contacts.properties_lastmodifieddate') }}) as updated_at,
        false as is_deleted
        {{- crm_items('hubspot_airbyte', ['contacts', 'contacts_archived'], 'contacts', 'contacts') }}
        {{- custom_items('hubspot_airbyte', 'leads', ['contacts', 'contacts_archived'], 'contacts', 'contacts') }}
    from contacts as contacts

),

archived as (

    select
        contacts.id as contact_id,
        contacts.properties_email as email,
        contacts.properties_firstname as first_name,
        contacts.properties_lastname as last_name,
        contacts.properties_jobtitle as job_title,
        contacts.properties_phone as phone,
        contacts.properties_company as company_name,
        contacts.properties_industry as industry,
        contacts.properties_numemployees as employee_count,
        contacts.properties_annualrevenue as annual_revenue,
        contacts.properties_country as country,
        contacts.properties_hs_analytics_source as lead_source,
        contacts.properties_hubspot_owner_id as owner_id,
        contacts.properties_associatedcompanyid as account_id,
        contacts.properties_hs_merged_object_ids as merged_ids,
        contacts.properties_hs_email_hard_bounce_reason_enum as bounce_reason,
        contacts.properties_hs_email_optout as email_optout,
        coalesce({{ landed_time('contacts.created_at') }}, {{ landed_time('contacts.properties_createdate') }}) as created_at,
        coalesce({{ landed_time('contacts.updated_at') }}, {{ landed_time('contacts.properties_lastmodifieddate') }}) as updated_at,
        true as is_deleted
        {{- crm_items('hubspot_airbyte', ['contacts', 'contacts_archived'], 'contacts_archived', 'contacts') }}
        {{- custom_items('hubspot_airbyte', 'leads', ['contacts', 'contacts_archived'], 'contacts_archived', 'contacts') }}
    from contacts_archived as contacts

),

both_streams as (

    select * from living
    union all
    select * from archived

)

select * from both_streams
