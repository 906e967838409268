with

email_events as (

    select * from {{ ref('lead_qualification', 'stg_email__email_events') }}
    where
        email is not null
        and event_type in ('delivered', 'opened', 'clicked')

),

preceded as (

    -- The default frame takes in the deliveries of the same instant.
    select
        event_id,
        event_type,
        occurred_at,
        max(case when event_type = 'delivered' then occurred_at end) over (
            partition by email, campaign_id
            order by occurred_at
        ) as delivered_at
    from email_events

),

scanned as (

    select event_id
    from preceded
    where
        event_type in ('opened', 'clicked')
        and {{ elapsed_seconds('delivered_at', 'occurred_at') }} < {{ var('scanner_seconds') }}

)

select * from scanned
