{{ newest_per_key(
    relation=ref('lead_qualification', 'base_web__web_events'),
    keys=['event_id'],
    newest='received_at',
    columns=[
        'event_id',
        'anonymous_id',
        'lead_id',
        'email',
        'session_id',
        'event_name',
        'page_url',
        'page_path',
        'user_agent',
        'occurred_at',
        'received_at'
    ]
) }}

select * from newest
