-- What was merged away, by the record into which it went; it may have no record of its own.
with

contacts as (

    select * from {{ landed('hubspot_airbyte', 'contacts') }}

),

merge_audit as (

    select * from {{ landed('hubspot_airbyte', 'contacts_merged_audit') }}

),

winners as (

    select contacts.id as contact_id, contacts.properties_hs_merged_object_ids as merged_ids, false as is_deleted
    from contacts
    where contacts.properties_hs_merged_object_ids is not null

),

parts as (

    {{ each_part('winners', ['contact_id', 'is_deleted'], 'merged_ids', ';', 'merged_id') }}

),

merges as (

    select parts.contact_id, parts.is_deleted, {{ key_beside('hubspot_airbyte', 'parts.contact_id', 'parts.merged_id') }} as merged_id
    from parts
    union all
    select merge_audit.canonical_vid as contact_id, false as is_deleted, merge_audit.vid_to_merge as merged_id
    from merge_audit

)

select * from merges
