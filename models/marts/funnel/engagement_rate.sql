with

emails as (

    select * from {{ ref('lead_qualification', 'int_resolved_events') }}
    where
        source = 'email_events'
        and lead_id is not null
        and coalesce(excluded_because, '') not in ('bot', 'scanner', 'automated')

),

signals as (

    select * from {{ policy('signals') }}

),

lead_months as (

    select
        {{ month_of('emails.occurred_at') }} as month,
        emails.program,
        emails.lead_id,
        max(case when emails.event_name = 'delivered' then 1 else 0 end) as was_emailed,
        max(case when signals.is_engagement then 1 else 0 end) as has_engaged
    from emails
    left join signals on emails.signal = signals.signal
    group by {{ month_of('emails.occurred_at') }}, emails.program, emails.lead_id

),

counted as (

    select
        month,
        program,
        cast(count(*) as integer) as leads_emailed,
        cast(sum(has_engaged) as integer) as leads_engaged
    from lead_months
    where was_emailed = 1
    group by month, program

),

rates as (

    select
        month,
        program,
        leads_emailed,
        leads_engaged,
        {{ rate_with_interval('engagement_rate', 'leads_engaged', 'leads_emailed') }},
        {{ as_of() }} as as_of
    from counted

)

select * from rates
