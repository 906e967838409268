{{ newest_per_key(
    relation=ref('lead_qualification', 'base_intent__intent_signals'),
    keys=['signal_id'],
    newest='received_at',
    columns=[
        'signal_id',
        'provider',
        'account_domain',
        'signal_type',
        'topic',
        'occurred_at',
        'received_at'
    ]
) }}

select * from newest
