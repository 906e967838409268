{{ config(materialized='view') }}

-- The events of all sources, up to as_of, in one shape.
{%- set columns = [
    'lead_id', 'email', 'anonymous_id', 'account_domain', 'program', 'page_path', 'session_id', 'asset', 'campaign_id', 'user_agent',
    'link_url', 'value'
] %}
{%- set types = {'value': 'decimal(18, 2)'} %}
with

all_events as (
    {% for source_name, source in event_sources().items() %}
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
