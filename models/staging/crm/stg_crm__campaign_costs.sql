{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__campaign_costs'),
    keys=['campaign_id', 'cost_date'],
    newest='cost',
    columns=[
        'campaign_id',
        'cost',
        'cost_date'
    ]
) }}

select * from newest
