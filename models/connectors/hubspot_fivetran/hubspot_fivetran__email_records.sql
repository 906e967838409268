with

events as (

    select * from {{ landed('hubspot_fivetran', 'email_event') }}

),

opens as (

    select * from {{ landed('hubspot_fivetran', 'email_event_open') }}

),

clicks as (

    select * from {{ landed('hubspot_fivetran', 'email_event_click') }}

),

bounces as (

    select * from {{ landed('hubspot_fivetran', 'email_event_bounce') }}

),

status_changes as (

    select * from {{ landed('hubspot_fivetran', 'email_event_status_change') }}

),

joined as (

    select
        events.id as event_id,
        upper(events.type) as event_type,
        events.recipient as email,
        events.email_campaign_id as campaign_id,
        {{ says_yes('events.filtered_event') }} as is_bot,
        events.obsoleted_by_id is not null as is_superseded,
        bounces.category as bounce_category,
        upper(status_changes.portal_subscription_status) as subscription_status,
        clicks.url as link_url,
        coalesce(clicks.user_agent, opens.user_agent) as user_agent,
        {{ landed_time('events.created') }} as occurred_at
        {{- custom_items('hubspot_fivetran', 'email_events', ['email_event'], 'email_event', 'events') }}
    from events
    left join opens on events.id = opens.id
    left join clicks on events.id = clicks.id
    left join bounces on events.id = bounces.id
    left join status_changes on events.id = status_changes.id

)

select * from joined
