{{ config(materialized='view') }}

-- The signals of int_lead_signals, and the silences that will be if the lead stays silent: what the score
-- timeline is made of.
with

scheduled as (

    select
        lead_id,
        source,
        record_id,
        signal,
        session_id,
        asset,
        campaign_id,
        occurred_at,
        origin,
        is_engagement,
        is_meaningful,
        is_high_intent
    from {{ ref('lead_qualification', 'int_mapped_signals') }}
    union all
    select
        lead_id,
        source,
        record_id,
        signal,
        session_id,
        asset,
        campaign_id,
        occurred_at,
        origin,
        is_engagement,
        is_meaningful,
        is_high_intent
    from {{ ref('lead_qualification', 'int_derived_signals') }}

)

select * from scheduled
