{{ config(materialized='view') }}

-- The leads that somebody can place in time. One whose created_at is implausible is there if anything
-- else happened to it; otherwise its row is unusable.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_identified_leads') }}

),

facts as (

    select lead_id
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    where excluded_because is null
    union distinct
    select lead_id
    from {{ ref('lead_qualification', 'int_crm_facts') }}
    union distinct
    select lead_id
    from {{ ref('lead_qualification', 'int_deal_members') }}

),

placed as (

    select leads.*
    from leads
    left join facts on leads.lead_id = facts.lead_id
    where leads.created_at is not null or facts.lead_id is not null

)

select * from placed
