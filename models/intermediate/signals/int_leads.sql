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

    select
        leads.lead_id,
        leads.email,
        leads.first_name,
        leads.last_name,
        leads.job_title,
        leads.phone,
        leads.phone_is_valid,
        leads.email_status,
        leads.email_domain,
        leads.email_domain_kind,
        leads.company_name,
        leads.account_id,
        leads.account_name,
        leads.industry,
        leads.employee_count,
        leads.annual_revenue,
        leads.account_status,
        leads.is_competitor,
        leads.is_target_account,
        leads.company_segment,
        leads.country,
        leads.lead_source,
        leads.campaign_id,
        leads.channel,
        leads.motion,
        leads.intent_class,
        leads.owner_id,
        leads.created_at
    from leads
    left join facts on leads.lead_id = facts.lead_id
    where leads.created_at is not null or facts.lead_id is not null

)

select * from placed
