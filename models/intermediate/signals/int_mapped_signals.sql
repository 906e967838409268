{{ config(materialized=kept_as_view()) }}

-- What signal_map.csv makes of raw rows: the signals of events, and of leads that their record says opted out.
with

mapped as (

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

select * from mapped
