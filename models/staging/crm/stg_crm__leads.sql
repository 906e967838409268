{{ newest_per_key(
    relation=ref('lead_qualification', 'base_crm__leads'),
    keys=['lead_id'],
    newest='updated_at',
    columns=[
        'lead_id',
        'email',
        'first_name',
        'last_name',
        'job_title',
        'phone',
        'email_status',
        'account_id',
        'company_name',
        'country',
        'lead_source',
        'campaign_id',
        'owner_id',
        'crm_lifecycle_stage',
        'crm_lead_stage',
        'crm_lead_grade',
        'crm_recommended_action',
        'crm_nurture_track',
        'crm_recommended_rep_id',
        'crm_score_reasons',
        'merged_into_lead_id',
        'crm_lead_score',
        'crm_re_engage_on',
        'crm_sql_handed_off_at',
        'phone_is_valid',
        'is_deleted',
        'created_at',
        'updated_at'
    ]
) }}

select * from newest
