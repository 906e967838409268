-- History of properties of contacts and companies.
with

contact_history as (

    select * from {{ landed('hubspot_airbyte', 'contacts_property_history') }}

),

company_history as (

    select * from {{ landed('hubspot_airbyte', 'companies_property_history') }}

),

changes as (

    select
        'lead' as object_type,
        coalesce(contact_history.vid, contact_history.canonical_vid) as record_id,
        contact_history.property,
        contact_history.value as new_value,
        {{ landed_time('contact_history.timestamp') }} as changed_at,
        contact_history.source_type as source,
        contact_history.source_id
    from contact_history
    union all
    select
        'account' as object_type,
        company_history.company_id as record_id,
        company_history.property,
        company_history.value as new_value,
        {{ landed_time('company_history.timestamp') }} as changed_at,
        company_history.source_type as source,
        company_history.source_id
    from company_history

)

select * from changes
