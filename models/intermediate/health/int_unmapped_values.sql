-- Values that a list of the contract or of the policy should know and does not. Long because each list is
-- looked up in its own way.
with

known_channels as (

    select distinct lower(channel) as channel from {{ policy('channels') }}

),

known_reasons as (

    select distinct lower(reason_code) as reason_code from {{ policy('disposition_reasons') }} as disposition_reasons

),

known_territories as (

    select distinct lower(territory) as territory from {{ policy('routing_rules') }} as routing_rules

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
    left join known_channels on campaigns.channel = known_channels.channel
    where campaigns.channel is not null and known_channels.channel is null

),

reason_codes as (

    select
        'lead_status_changes' as source,
        'reason_code' as column_name,
        changes.reason_code as unmapped_value,
        changes.changed_at as seen_at
    from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }} as changes
    left join known_reasons on changes.reason_code = known_reasons.reason_code
    where changes.reason_code is not null and known_reasons.reason_code is null

),

territories as (

    select
        'sales_reps' as source,
        'territory' as column_name,
        reps.territory as unmapped_value,
        cast(null as timestamp) as seen_at
    from {{ ref('lead_qualification', 'stg_sales__sales_reps') }} as reps
    left join known_territories on reps.territory = known_territories.territory
    where reps.territory is not null and known_territories.territory is null

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
    select * from reason_codes
    union all
    select * from territories
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
