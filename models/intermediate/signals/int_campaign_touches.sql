{{ config(materialized='by_lead') }}

-- When a campaign touched a lead: the campaign of the lead record, and every engagement that
-- names one.
with

leads as (

    select * from {{ rows_of_this_run('int_leads') }}

),

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

touches as (

    select
        lead_id,
        campaign_id,
        created_at as touched_at,
        'leads' as source,
        lead_id as record_id
    from leads
    where
        campaign_id is not null
        and created_at is not null
    union all
    select
        lead_id,
        campaign_id,
        occurred_at as touched_at,
        source,
        record_id
    from signals
    where
        campaign_id is not null
        and is_engagement

)

select * from touches
