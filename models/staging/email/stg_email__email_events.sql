{{ newest_per_key(
    relation=ref('lead_qualification', 'base_email__email_events'),
    keys=['event_id'],
    newest='received_at',
    columns=[
        'event_id',
        'email',
        'campaign_id',
        'program',
        'event_type',
        'link_url',
        'user_agent',
        'occurred_at',
        'received_at'
    ]
) }}

select * from newest
