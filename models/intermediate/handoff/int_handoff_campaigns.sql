{{ config(materialized='ephemeral') }}

-- The first and the latest campaign that touched a lead up to its hand-off.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

touches as (

    select * from {{ rows_of_this_run('int_campaign_touches') }}

),

ranked as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        touches.campaign_id,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by touches.touched_at, {{ bytewise('touches.source') }}, {{ bytewise('touches.record_id') }}
        ) as touch_rank,
        count(*) over (partition by handoffs.lead_id, handoffs.handoff_number) as touches
    from handoffs
    inner join touches
        on
            handoffs.lead_id = touches.lead_id
            and handoffs.handed_off_at >= touches.touched_at

),

handoff_campaigns as (

    select
        lead_id,
        handoff_number,
        max(case when touch_rank = 1 then campaign_id end) as first_campaign_id,
        max(case when touch_rank = touches then campaign_id end) as latest_campaign_id
    from ranked
    group by lead_id, handoff_number

)

select * from handoff_campaigns
