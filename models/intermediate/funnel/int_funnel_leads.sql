-- One row per lead with what the funnel counts by; sql_at is the timestamp that rates use.
with

lead_stages as (

    select * from {{ ref('lead_stages') }}

),

leads as (

    select * from {{ ref('int_leads') }}

),

scores as (

    select * from {{ ref('lead_scores') }}
    where is_primary

),

settings as (

    select cast({{ lifecycle_setting('sql_definition_rank') }} as integer) as sql_definition_rank

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
        case settings.sql_definition_rank
            when 2 then lead_stages.sql_proposed_at
            when 3 then lead_stages.sql_accepted_at
            when 4 then lead_stages.sql_qualified_at
        end as sql_at,
        lead_stages.opportunity_at,
        lead_stages.customer_at
    from lead_stages
    cross join settings
    inner join leads on lead_stages.lead_id = leads.lead_id
    inner join scores on lead_stages.lead_id = scores.lead_id

)

select * from funnel_leads
