{{ newest_per_key(
    relation=ref('base_sales__sales_reps'),
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
