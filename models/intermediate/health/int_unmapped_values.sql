-- Values that a list of the contract or of the policy should know and does not. Long because lead sources
-- and events are looked up in ways of their own.
{%- set codes = [
    ('lead_status_changes', 'reason_code', 'stg_crm__lead_status_changes', 'changed_at', 'disposition_reasons'),
    ('sales_reps', 'territory', 'stg_sales__sales_reps', 'null', 'routing_rules'),
] %}
with

known_codes as (
    {% for source, column_name, model, seen_at, list_name in codes %}
    select distinct
        '{{ source }}' as source,
        lower({{ column_name }}) as code
    from {{ policy(list_name) }} as {{ list_name }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

given_codes as (
    {% for source, column_name, model, seen_at, list_name in codes %}
    select
        '{{ source }}' as source,
        '{{ column_name }}' as column_name,
        {{ column_name }} as code,
        cast({{ seen_at }} as timestamp) as seen_at
    from {{ ref('lead_qualification', model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

known_events as (

    select distinct
        source,
        lower(event_name) as event_name
    from {{ policy('signal_map') }}

),

lead_sources as (

    select
        'leads' as source,
        'lead_source' as column_name,
        leads.lead_source as unmapped_value,
        leads.created_at as seen_at
    from {{ ref('lead_qualification', 'stg_crm__leads') }} as leads
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records on leads.lead_id = records.record_id
    left join {{ policy('channels') }} as channels
        on {{ normalised_lead_source('leads.lead_source') }} = {{ normalised_lead_source('channels.lead_source') }}
    where leads.lead_source is not null and channels.lead_source is null

),

campaign_channels as (

    select
        'campaigns' as source,
        'channel' as column_name,
        campaigns.channel as unmapped_value,
        cast(campaigns.starts_on as timestamp) as seen_at
    from {{ ref('lead_qualification', 'stg_crm__campaigns') }} as campaigns
    inner join {{ ref('lead_qualification', 'int_campaign_channels') }} as campaign_channels
        on campaigns.campaign_id = campaign_channels.campaign_id
    where campaigns.channel is not null and campaign_channels.channel is null

),

codes as (

    select
        given_codes.source,
        given_codes.column_name,
        given_codes.code as unmapped_value,
        given_codes.seen_at
    from given_codes
    left join known_codes
        on
            given_codes.source = known_codes.source
            and given_codes.code = known_codes.code
    where given_codes.code is not null and known_codes.code is null

),

event_names as (

    select
        events.source,
        case events.source
            when 'marketing_activities' then 'activity_type'
            when 'email_events' then 'event_type'
            when 'intent_signals' then 'signal_type'
            else 'event_name'
        end as column_name,
        events.event_name as unmapped_value,
        events.occurred_at as seen_at
    from {{ ref('lead_qualification', 'int_all_events') }} as events
    left join known_events
        on
            events.source = known_events.source
            and events.event_name = known_events.event_name
    where
        known_events.event_name is null
        and events.event_name is not null
        and not (events.source = 'web_events' and events.event_name = 'identify')
        and not (events.source = 'email_events' and events.event_name = 'delivered')

),

looked_up as (

    select * from lead_sources
    union all
    select * from campaign_channels
    union all
    select * from codes
    union all
    select * from event_names

),

unmapped as (

    select
        source,
        column_name,
        unmapped_value,
        cast(count(*) as integer) as affected,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at
    from looked_up
    group by source, column_name, unmapped_value
    union all
    select
        source,
        column_name,
        fault_value as unmapped_value,
        affected,
        first_seen_at,
        last_seen_at
    from {{ ref('lead_qualification', 'int_value_faults') }}
    where fault = 'unknown' and fault_value is not null

)

select * from unmapped
