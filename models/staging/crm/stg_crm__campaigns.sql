{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__campaigns'),
    keys=['campaign_id'],
    newest='starts_on',
    columns=[
        'campaign_id',
        'name',
        'channel',
        'starts_on',
        'ends_on'
    ]
) }}

select * from newest
