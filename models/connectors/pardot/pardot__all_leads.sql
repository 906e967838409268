with

prospects as (

    select * from {{ landed('pardot', 'prospect') }}

),

country_names as (

    select * from {{ country_names() }} as names_of_countries

),

judged as (

    select
        {{ contract_columns('pardot', 'leads', {
            'lead_id': "'pardot-' || prospects.id",
            'email': 'lower(prospects.email)',
            'first_name': 'prospects.first_name',
            'last_name': 'prospects.last_name',
            'job_title': 'prospects.job_title',
            'phone': 'prospects.phone',
            'company_name': 'prospects.company',
            'industry': 'prospects.industry',
            'employee_count': 'prospects.employees',
            'annual_revenue': 'prospects.annual_revenue',
            'country': country_or_text('prospects.country'),
            'lead_source': 'prospects.source',
            'campaign_id': 'prospects.campaign_id',
            'has_opted_out': true_or_false(says_yes('prospects.opted_out') ~ ' or ' ~ says_yes('prospects.is_do_not_email')),
            'crm_object': "'pardot'",
            'merged_into_lead_id': 'coalesce(prospects.crm_contact_fid, prospects.crm_lead_fid)',
            'is_deleted': true_or_false(says_yes('prospects._fivetran_deleted')),
            'created_at': landed_time('prospects.created_at'),
            'updated_at': landed_time('prospects.updated_at'),
            'source_table': "'prospect'",
            'fate_reason': "case when " ~ says_yes('prospects._fivetran_deleted') ~ " then 'deleted' end"
        }, ['prospect'], 'prospects') }}
    from prospects
    left join country_names on {{ as_country_name('prospects.country') }} = country_names.country_name

)

select * from judged
