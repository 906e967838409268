{{ config(post_hook="{{ lead_qualification.stop_if_rows(long_merge_chains(this), 'Merge chains of more than 20 hops') }}") }}

with

leads as (

    select * from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

erased as (

    select * from {{ ref('lead_qualification', 'int_erased_leads') }}

),

records as (

    select
        leads.lead_id,
        leads.merged_into_lead_id,
        leads.email,
        leads.created_at
    from leads
    left join erased on leads.lead_id = erased.lead_id
    where
        erased.lead_id is null
        and (leads.created_at is null or leads.created_at <= {{ as_of() }})

),

{{ merge_chain_ends('records') }},

merged_records as (

    select
        records.lead_id,
        records.email,
        records.created_at,
        chain_ends.end_lead_id as merged_lead_id,
        chain_ends.hops,
        chain_ends.is_in_loop
    from records
    inner join chain_ends on records.lead_id = chain_ends.lead_id

)

select * from merged_records
