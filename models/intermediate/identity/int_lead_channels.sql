{{ config(materialized='view', tags=['work']) }}

with

leads as (

    select
        lead_id,
        lead_source,
        campaign_id,
        {{ normalised_lead_source('lead_source') }} as normalised_source
    from {{ ref('lead_qualification', 'stg_crm__leads') }}

),

channels as (

    select
        channel,
        motion,
        intent_class,
        {{ normalised_lead_source('lead_source') }} as normalised_source
    from {{ policy('channels') }}

),

campaigns as (

    select * from {{ ref('lead_qualification', 'int_campaign_channels') }}

),

lead_channels as (

    select
        leads.lead_id,
        coalesce(channels.channel, campaigns.channel, 'unknown') as channel,
        coalesce(channels.motion, campaigns.motion, 'inbound') as motion,
        coalesce(channels.intent_class, campaigns.intent_class, 'content') as intent_class
    from leads
    left join channels on leads.normalised_source = channels.normalised_source
    left join campaigns on leads.campaign_id = campaigns.campaign_id

)

select * from lead_channels
