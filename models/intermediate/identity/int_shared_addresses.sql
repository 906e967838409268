-- The addresses of lead records that several people read, by what stands before the @.
with

mailboxes as (

    select lower(local_part) as local_part from {{ policy('shared_mailboxes') }}

),

shared_addresses as (

    select distinct records.email
    from {{ ref('lead_qualification', 'int_lead_merges') }} as records
    inner join mailboxes on {{ text_part('records.email', '@', 1) }} = mailboxes.local_part

)

select * from shared_addresses
