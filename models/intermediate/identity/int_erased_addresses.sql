-- Addresses of erased records. One that a living record has too stays the erased one's for what
-- happened before the living one was created, and for everything if nobody knows when that was.
with

erased_records as (

    select distinct leads.email
    from {{ ref('lead_qualification', 'stg_crm__leads') }} as leads
    inner join {{ ref('lead_qualification', 'int_erased_leads') }} as erased on leads.lead_id = erased.lead_id
    where leads.email is not null

),

erased_addresses as (

    select
        erased_records.email,
        addresses.created_at as erased_until
    from erased_records
    left join {{ ref('lead_qualification', 'int_lead_addresses') }} as addresses on erased_records.email = addresses.email

)

select * from erased_addresses
