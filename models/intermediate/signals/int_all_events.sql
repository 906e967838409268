{{ config(materialized='view') }}

with

web_events as (

    select
        'web_events' as source,
        event_id as record_id,
        lead_id,
        email,
        anonymous_id,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as program,
        event_name,
        page_path,
        session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        user_agent,
        occurred_at
    from {{ ref('lead_qualification', 'stg_web__web_events') }}

),

email_events as (

    select
        'email_events' as source,
        event_id as record_id,
        cast(null as {{ dbt.type_string() }}) as lead_id,
        email,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        program,
        event_type as event_name,
        cast(null as {{ dbt.type_string() }}) as page_path,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        campaign_id,
        user_agent,
        occurred_at
    from {{ ref('lead_qualification', 'stg_email__email_events') }}

),

marketing_activities as (

    select
        'marketing_activities' as source,
        activity_id as record_id,
        lead_id,
        email,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as program,
        activity_type as event_name,
        cast(null as {{ dbt.type_string() }}) as page_path,
        cast(null as {{ dbt.type_string() }}) as session_id,
        asset,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as user_agent,
        occurred_at
    from {{ ref('lead_qualification', 'stg_marketing__marketing_activities') }}

),

product_events as (

    select
        'product_events' as source,
        event_id as record_id,
        cast(null as {{ dbt.type_string() }}) as lead_id,
        email,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        cast(null as {{ dbt.type_string() }}) as account_domain,
        cast(null as {{ dbt.type_string() }}) as program,
        event_name,
        cast(null as {{ dbt.type_string() }}) as page_path,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as user_agent,
        occurred_at
    from {{ ref('lead_qualification', 'stg_product__product_events') }}

),

intent_signals as (

    select
        'intent_signals' as source,
        signal_id as record_id,
        cast(null as {{ dbt.type_string() }}) as lead_id,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as anonymous_id,
        account_domain,
        cast(null as {{ dbt.type_string() }}) as program,
        signal_type as event_name,
        cast(null as {{ dbt.type_string() }}) as page_path,
        cast(null as {{ dbt.type_string() }}) as session_id,
        cast(null as {{ dbt.type_string() }}) as asset,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as user_agent,
        occurred_at
    from {{ ref('lead_qualification', 'stg_intent__intent_signals') }}

),

all_events as (

    select * from web_events
    union all
    select * from email_events
    union all
    select * from marketing_activities
    union all
    select * from product_events
    union all
    select * from intent_signals

),

happened as (

    select * from all_events
    where occurred_at <= {{ as_of() }}

)

select * from happened
