with

events as (

    select * from {{ landed('hubspot_airbyte', 'email_events') }}

),

renamed as (

    select
        events.id as event_id,
        upper(events.type) as event_type,
        events.recipient as email,
        events.email_campaign_id as campaign_id,
        {{ says_yes('events.filtered_event') }} as is_bot,
        events.obsoleted_by is not null as is_superseded,
        events.category as bounce_category,
        upper(events.portal_subscription_status) as subscription_status,
        events.url as link_url,
        events.user_agent,
        {{ landed_time('events.created') }} as occurred_at
        {{- custom_items('hubspot_airbyte', 'email_events', ['email_events'], 'email_events', 'events') }}
    from events

)

select * from renamed
