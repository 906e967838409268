{{ newest_per_key(
    relation=ref('lead_qualification', 'base_sales__sales_activities'),
    keys=['activity_id'],
    newest='occurred_at',
    columns=[
        'activity_id',
        'lead_id',
        'rep_id',
        'activity_type',
        'outcome',
        'occurred_at'
    ]
) }}

select * from newest
