{{ config(materialized='view') }}

-- The events of all sources, up to as_of, in one shape.
{%- set columns = [
    'lead_id', 'email', 'anonymous_id', 'account_domain', 'program', 'page_path', 'session_id', 'asset', 'campaign_id', 'user_agent',
    'link_url', 'value'
] %}
{%- set types = {'value': 'decimal(18, 2)'} %}
{%- set sources = {
    'web_events': {
        'model': 'stg_web__web_events', 'key': 'event_id', 'kind': 'event_name',
        'columns': ['lead_id', 'email', 'anonymous_id', 'page_path', 'session_id', 'user_agent', 'value']},
    'email_events': {
        'model': 'stg_email__email_events', 'key': 'event_id', 'kind': 'event_type',
        'columns': ['email', 'program', 'campaign_id', 'user_agent', 'link_url']},
    'marketing_activities': {
        'model': 'stg_marketing__marketing_activities', 'key': 'activity_id', 'kind': 'activity_type',
        'columns': ['lead_id', 'email', 'asset', 'campaign_id', 'value']},
    'product_events': {
        'model': 'stg_product__product_events', 'key': 'event_id', 'kind': 'event_name', 'columns': ['email']},
    'intent_signals': {
        'model': 'stg_intent__intent_signals', 'key': 'signal_id', 'kind': 'signal_type', 'columns': ['account_domain', 'email']},
} %}
with

all_events as (
    {% for source_name, source in sources.items() %}
    select
        '{{ source_name }}' as source,
        {{ source.key }} as record_id,
        {% for column in columns %}
        {{ column if column in source.columns else 'cast(null as ' ~ types.get(column, dbt.type_string()) ~ ') as ' ~ column }},
        {% endfor %}
        {{ source.kind }} as event_name,
        occurred_at
    from {{ ref('lead_qualification', source.model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

happened as (

    select * from all_events
    where occurred_at <= {{ as_of() }}

)

select * from happened
