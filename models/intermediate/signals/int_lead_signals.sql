{{ config(materialized='view') }}

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
    from {{ ref('lead_qualification', 'int_event_signals') }}
    union all
    select
        lead_id,
        'leads' as source,
        lead_id as record_id,
        signal,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        occurred_at,
        origin,
        is_engagement,
        is_meaningful,
        is_high_intent
    from {{ ref('lead_qualification', 'int_opt_out_flags') }}

)

select * from lead_signals
