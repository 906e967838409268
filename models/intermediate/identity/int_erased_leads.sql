-- depends_on: {{ ref('lead_qualification', 'int_policy_violations') }}
-- depends_on: {{ ref('lead_qualification', 'int_quarantine_rates') }}
with

records as (

    select
        lead_id,
        merged_into_lead_id,
        is_deleted
    from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

{{ merge_chain_ends('records') }},

-- A deleted record that points to an existing one is merged, not erased: the end of the chain decides.
erased as (

    select chain_ends.lead_id
    from chain_ends
    inner join records as ends on chain_ends.end_lead_id = ends.lead_id
    where ends.is_deleted

)

select * from erased
