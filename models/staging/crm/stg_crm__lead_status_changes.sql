{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__lead_status_changes'),
    keys=['change_id'],
    newest='changed_at',
    columns=[
        'change_id',
        'lead_id',
        'status',
        'reason_code',
        'rep_id',
        'changed_at'
    ]
) }}

select * from newest
