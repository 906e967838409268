-- Types of e-mail activity: 1 click, 6 sent, 11 open, 12 unsubscribe, 13 bounce, 14 spam complaint.
with

activities as (

    select * from {{ landed('pardot', 'visitor_activity') }}

),

prospects as (

    select * from {{ landed('pardot', 'prospect') }}

),

mails as (

    select
        activities.*,
        lower(prospects.email) as email,
        case activities.type
            when '1' then 'clicked'
            when '6' then 'delivered'
            when '11' then 'opened'
            when '12' then 'unsubscribed'
            when '13' then 'bounced'
            when '14' then 'spam_complaint'
        end as event_name
    from activities
    left join prospects on activities.prospect_id = prospects.id
    where lower(activities.type_name) = 'email'

),

judged as (

    select
        {{ contract_columns('pardot', 'email_events', {
            'event_id': 'mails.id',
            'email': 'mails.email',
            'campaign_id': 'mails.campaign_id',
            'program': "'marketing'",
            'event_type': 'mails.event_name',
            'link_url': "case when mails.event_name = 'clicked' then mails.details end",
            'occurred_at': landed_time('mails.created_at'),
            'contract_column': "'event_type'",
            'source_table': "'visitor_activity'",
            'source_column': "'type'",
            'source_value': 'mails.type',
            'fate': "case when mails.event_name is null or mails.email is null then 'left_out' else 'mapped' end",
            'fate_reason': "case when mails.event_name is null then 'not_tracked' when mails.email is null then 'no_person' end"
        }, ['visitor_activity'], 'mails') }}
    from mails

)

select * from judged
