{{ newest_per_key(
    relation=ref('lead_qualification', 'base_marketing__marketing_activities'),
    keys=['activity_id'],
    newest='received_at',
    columns=[
        'activity_id',
        'lead_id',
        'email',
        'activity_type',
        'asset',
        'campaign_id',
        'occurred_at',
        'received_at'
    ]
) }}

select * from newest
