{{ config(materialized='by_lead') }}

-- One row per lead with what the funnel counts by.
with

lead_stages as (

    select * from {{ rows_of_this_run('lead_stages') }}

),

leads as (

    select * from {{ rows_of_this_run('int_leads') }}

),

scores as (

    select * from {{ rows_of_this_run('lead_scores') }}
    where is_primary

),

funnel_leads as (

    select
        lead_stages.lead_id,
        lead_stages.channel,
        {{ normalised_lead_source('leads.lead_source') }} as lead_source,
        lead_stages.motion,
        lead_stages.intent_class,
        lead_stages.company_segment,
        lead_stages.campaign_id,
        upper(leads.country) as country,
        leads.industry,
        scores.grade,
        lead_stages.profile,
        lead_stages.first_seen_at,
        lead_stages.mql_at,
        lead_stages.pql_at,
        lead_stages.sql_at,
        lead_stages.opportunity_at,
        lead_stages.customer_at
    from lead_stages
    inner join leads on lead_stages.lead_id = leads.lead_id
    inner join scores on lead_stages.lead_id = scores.lead_id

)

select * from funnel_leads
