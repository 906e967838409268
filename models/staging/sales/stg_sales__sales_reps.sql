{{ newest_per_key(
    relation=ref('lead_qualification', 'base_sales__sales_reps'),
    keys=['rep_id'],
    newest='name',
    columns=[
        'rep_id',
        'name',
        'territory',
        'segment',
        'is_active'
    ]
) }}

select * from newest
