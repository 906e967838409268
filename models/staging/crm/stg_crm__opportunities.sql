{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__opportunities'),
    keys=['opportunity_id'],
    newest='closed_at',
    columns=[
        'opportunity_id',
        'lead_id',
        'account_id',
        'name',
        'amount',
        'is_won',
        'created_at',
        'closed_at'
    ]
) }}

select * from newest
