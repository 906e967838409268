-- E-mail events that a machine made: a scanner that opens and clicks as soon as a message is
-- delivered, or clicks every link of it, and whatever answers at once or says that it is automatic. Long
-- because one pass over the e-mail events finds them all.
with

-- An opt-out counts whoever made it; that a scanner did is for data_health.
opt_outs as (

    select distinct lower(signal_map.event_name) as event_type
    from {{ policy('signal_map') }} as signal_map
    inner join {{ policy('signals') }} as signals on signal_map.signal = signals.signal
    where
        signal_map.source = 'email_events'
        and signals.role = 'opt_out'

),

email_events as (

    select
        events.event_id,
        events.email,
        events.campaign_id,
        events.event_type,
        events.occurred_at,
        coalesce(events.is_automated, false) as is_automated,
        events.event_type in ('opened', 'clicked') or opt_outs.event_type is not null as is_touch,
        events.event_type in ('replied', 'replied_interested') as is_reply
    from {{ ref('lead_qualification', 'stg_email__email_events') }} as events
    left join opt_outs on events.event_type = opt_outs.event_type
    where
        events.occurred_at <= {{ as_of() }}
        and (
            events.event_type in ('delivered', 'opened', 'clicked', 'replied', 'replied_interested')
            or events.is_automated
            or opt_outs.event_type is not null
        )

),

-- The default frame takes in the deliveries of the same instant.
preceded as (

    select
        *,
        max(case when event_type = 'delivered' then occurred_at end) over (
            partition by email, campaign_id
            order by occurred_at
        ) as delivered_in_campaign_at,
        max(case when event_type = 'delivered' then occurred_at end) over (
            partition by email
            order by occurred_at
        ) as delivered_at
    from email_events

),

clicks as (

    select
        event_id,
        email,
        campaign_id,
        occurred_at,
        lead(occurred_at, {{ var('burst_clicks') - 1 }}) over (
            partition by email, campaign_id
            order by occurred_at, {{ bytewise('event_id') }}
        ) as last_of_burst_at
    from email_events
    where event_type = 'clicked' and email is not null

),

bursts as (

    select
        event_id,
        max(case when {{ elapsed_seconds('occurred_at', 'last_of_burst_at') }} < {{ var('burst_seconds') }} then 1 end) over (
            partition by email, campaign_id
            order by occurred_at, {{ bytewise('event_id') }}
            rows between {{ var('burst_clicks') - 1 }} preceding and current row
        ) as is_burst
    from clicks

),

judged as (

    select
        preceded.event_id,
        case
            when
                preceded.is_touch
                and preceded.email is not null
                and {{ elapsed_seconds('preceded.delivered_in_campaign_at', 'preceded.occurred_at') }} < {{ var('scanner_seconds') }}
                then 'scanner'
            when bursts.is_burst = 1 then 'scanner'
            when preceded.is_automated then 'automated'
            when
                preceded.is_reply
                and preceded.email is not null
                and {{ elapsed_seconds('preceded.delivered_at', 'preceded.occurred_at') }} < {{ var('human_reply_seconds') }}
                then 'automated'
        end as made_by
    from preceded
    left join bursts on preceded.event_id = bursts.event_id

),

machine_events as (

    select
        event_id,
        made_by
    from judged
    where made_by is not null

)

select * from machine_events
