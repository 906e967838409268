{{ config(materialized=kept_as_view()) }}

-- Everything that a lead did or that became known of it, one row per signal.
with

lead_signals as (

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
    where occurred_at <= {{ as_of() }}

)

select * from lead_signals
