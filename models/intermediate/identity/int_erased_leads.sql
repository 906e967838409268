{{ config(materialized='view', tags=['work']) }}

-- depends_on: {{ ref('lead_qualification', 'int_policy_violations') }}
-- depends_on: {{ ref('lead_qualification', 'int_quarantine_rates') }}
with

records as (

    select
        lead_id,
        merged_into_lead_id,
        coalesce(is_deleted, false) as is_deleted
    from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

{{ merge_chain_ends('records') }},

erased as (

    select lead_id
    from chain_ends
    where is_deleted or passes_deleted

)

select * from erased
