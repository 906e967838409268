with

events as (

    select
        {{ month_of('emails.occurred_at') }} as month,
        emails.program,
        case when emails.event_name = 'delivered' then 'delivered' else signals.role end as outcome
    from {{ ref('lead_qualification', 'int_resolved_events') }} as emails
    left join {{ policy('signals') }} as signals on emails.signal = signals.signal
    where
        emails.source = 'email_events'
        and coalesce(emails.excluded_because, '') not in ('erased', 'bot', 'scanner', 'automated')

),

-- A null in month is the total over all months.
counted as (

    select
        program,
        month,
        cast(count(case when outcome = 'delivered' then 1 end) as integer) as delivered,
        cast(count(case when outcome = 'bounce' then 1 end) as integer) as bounced,
        cast(count(case when outcome = 'complaint' then 1 end) as integer) as complaints
    from events
    where outcome in ('delivered', 'bounce', 'complaint')
    group by {{ cube(['month'], beside=['program']) }}

),

rates as (

    select
        program,
        month,
        delivered + bounced as sent,
        delivered,
        bounced,
        complaints,
        {{ rate_with_interval('delivery_rate', 'delivered', 'delivered + bounced') }},
        {{ rate_with_interval('bounce_rate', 'bounced', 'delivered + bounced') }},
        {{ ratio('complaints', 'delivered') }} as complaint_rate,
        {{ as_of() }} as as_of
    from counted

)

select * from rates
