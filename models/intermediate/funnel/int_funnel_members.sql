{{ config(materialized='ephemeral') }}

-- Each lead once per dimension that the funnel is cut by; a missing member is unknown.
{%- set columns = {
    'overall': "'all'", 'channel': 'channel', 'lead_source': 'lead_source', 'motion': 'motion',
    'intent_class': 'intent_class', 'company_segment': 'company_segment', 'campaign': 'campaign_id',
    'country': 'country', 'industry': 'industry', 'grade': 'grade', 'profile': 'profile'} %}
with

leads as (

    select * from {{ ref('lead_qualification', 'int_funnel_leads') }}

),

members as (
    {% for dimension, column in columns.items() %}
    select
        '{{ dimension }}' as dimension,
        coalesce({{ column }}, 'unknown') as member,
        lead_id,
        first_seen_at,
        mql_at,
        pql_at,
        sql_at,
        opportunity_at,
        customer_at
    from leads
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from members
