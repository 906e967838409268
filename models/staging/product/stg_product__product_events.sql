{{ newest_per_key(
    relation=ref('lead_qualification', 'base_product__product_events'),
    keys=['event_id'],
    newest='received_at',
    columns=[
        'event_id',
        'email',
        'account_id',
        'event_name',
        'occurred_at',
        'received_at'
    ]
) }}

select * from newest
