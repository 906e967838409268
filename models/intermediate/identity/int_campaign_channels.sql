{{ config(materialized='view', tags=['work']) }}

-- The channel of each campaign, looked up as lead sources are, or by a channel's own name, with the motion
-- that all lead sources of that channel have.
with

channels as (

    select
        channel,
        motion,
        intent_class,
        {{ normalised_lead_source('lead_source') }} as normalised_source
    from {{ policy('channels') }}

),

channel_motions as (

    select
        channel,
        {{ normalised_lead_source('channel') }} as normalised_channel,
        case when count(distinct motion) = 1 then min(motion) end as motion
    from channels
    group by channel

),

campaigns as (

    select
        campaign_id,
        {{ normalised_lead_source('channel') }} as normalised_channel
    from {{ ref('lead_qualification', 'stg_crm__campaigns') }}

),

campaign_channels as (

    select
        campaigns.campaign_id,
        coalesce(channels.channel, own_names.channel) as channel,
        coalesce(channels.motion, own_names.motion) as motion,
        channels.intent_class
    from campaigns
    left join channels on campaigns.normalised_channel = channels.normalised_source
    left join channel_motions as own_names on campaigns.normalised_channel = own_names.normalised_channel

)

select * from campaign_channels
