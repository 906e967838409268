-- Associations are repeated per type of association.
with

associations as (

    select * from {{ landed('hubspot_fivetran', 'deal_contact') }}

),

deal_contacts as (

    select distinct associations.deal_id, associations.contact_id from associations

)

select * from deal_contacts
