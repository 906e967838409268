{{ config(materialized='view') }}

-- The events of all sources with what signal_map.csv looks at: the asset and the path of the link of those
-- events alone of which a row of it names one, and the largest min_value that the value of an event reaches.
-- So there are few kinds of events, however many assets, links and values. Long by its columns.
with

events as (

    select * from {{ ref('lead_qualification', 'int_all_events') }}

),

signal_map as (

    select
        source,
        lower(event_name) as event_name,
        asset_pattern,
        link_pattern,
        min_value
    from {{ policy('signal_map') }}

),

looked_at as (

    select
        source,
        event_name,
        max(case when asset_pattern is not null then 1 else 0 end) as looks_at_asset,
        max(case when link_pattern is not null then 1 else 0 end) as looks_at_link
    from signal_map
    where asset_pattern is not null or link_pattern is not null
    group by source, event_name

),

minimums as (

    select distinct
        source,
        event_name,
        min_value
    from signal_map
    where min_value is not null

),

steps as (

    select
        source,
        event_name,
        min_value as from_value,
        lead(min_value) over (partition by source, event_name order by min_value) as below_value
    from minimums

),

events_by_kind as (

    select
        events.source,
        events.record_id,
        events.lead_id,
        events.email,
        events.anonymous_id,
        events.account_domain,
        events.program,
        events.event_name,
        events.page_path,
        case when looked_at.looks_at_asset = 1 then lower(events.asset) end as kind_asset,
        case when looked_at.looks_at_link = 1 then {{ path_of_url('events.link_url') }} end as kind_link,
        cast(steps.from_value as {{ dbt.type_string() }}) as kind_value,
        events.session_id,
        events.asset,
        events.campaign_id,
        events.user_agent,
        events.occurred_at
    from events
    left join looked_at
        on
            events.source = looked_at.source
            and events.event_name = looked_at.event_name
    left join steps
        on
            events.source = steps.source
            and events.event_name = steps.event_name
            and events.value >= steps.from_value
            and (steps.below_value is null or events.value < steps.below_value)

)

select * from events_by_kind
