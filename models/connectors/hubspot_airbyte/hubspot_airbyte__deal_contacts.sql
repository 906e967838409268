with

deals as (

    select * from {{ landed('hubspot_airbyte', 'deals') }}

),

associations as (

    {{ each_part('deals', ['id'], lists_as_parts('contacts'), ',', 'contact_id') }}

),

deal_contacts as (

    select distinct
        associations.id as deal_id,
        {{ key_beside('hubspot_airbyte', 'associations.id', 'associations.contact_id') }} as contact_id
    from associations
    where associations.contact_id <> ''

)

select * from deal_contacts
