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

-- A campaign's channel is of the motion of all lead sources of the channel.
channel_motions as (

    select
        channel,
        min(motion) as motion
    from channels
    group by channel
    having count(distinct motion) = 1

),

campaigns as (

    select * from {{ ref('lead_qualification', 'stg_crm__campaigns') }}

),

lead_channels as (

    select
        leads.lead_id,
        coalesce(channels.channel, campaigns.channel, 'unknown') as channel,
        coalesce(channels.motion, channel_motions.motion, 'inbound') as motion,
        coalesce(channels.intent_class, 'content') as intent_class
    from leads
    left join channels on leads.normalised_source = channels.normalised_source
    left join campaigns on leads.campaign_id = campaigns.campaign_id
    left join channel_motions on campaigns.channel = channel_motions.channel

)

select * from lead_channels
