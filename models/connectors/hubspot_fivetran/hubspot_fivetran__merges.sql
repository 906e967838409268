-- What was merged away, by the record into which it went; it may have no record of its own.
with

contacts as (

    select * from {{ landed('hubspot_fivetran', 'contact') }}

),

winners as (

    select contacts.id as contact_id, contacts.property_hs_merged_object_ids as merged_ids, {{ says_yes('contacts._fivetran_deleted') }} as is_deleted
    from contacts
    where contacts.property_hs_merged_object_ids is not null

),

parts as (

    {{ each_part('winners', ['contact_id', 'is_deleted'], 'merged_ids', ';', 'merged_id') }}

),

merges as (

    select parts.contact_id, parts.is_deleted, {{ key_beside('hubspot_fivetran', 'parts.contact_id', 'parts.merged_id') }} as merged_id
    from parts

)

select * from merges
