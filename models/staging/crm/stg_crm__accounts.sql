{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__accounts'),
    keys=['account_id'],
    newest='updated_at',
    columns=[
        'account_id',
        'name',
        'domain',
        'industry',
        'country',
        'crm_account_stage',
        'status',
        'employee_count',
        'annual_revenue',
        'is_competitor',
        'is_target_account',
        'crm_account_score',
        'crm_is_in_market',
        'updated_at'
    ]
) }}

select * from newest
