with

people as (

    select * from {{ ref('lead_qualification', 'marketo__people') }}

),

country_names as (

    select * from {{ country_names() }} as names_of_countries

),

industries as (

    {{ value_rows('marketo', 'accounts', 'industry') }}

),

judged as (

    select
        {{ contract_columns('marketo', 'leads', {
            'lead_id': "'marketo-' || people.person_id",
            'email': 'people.email',
            'first_name': 'people.first_name',
            'last_name': 'people.last_name',
            'job_title': 'people.job_title',
            'phone': 'people.phone',
            'email_status': "case when people.has_bounced then 'bounced' end",
            'company_name': 'people.company_name',
            'industry': 'coalesce(industries.contract_value, people.industry)',
            'employee_count': 'people.employee_count',
            'annual_revenue': 'people.annual_revenue',
            'country': country_or_text('people.country'),
            'lead_source': 'people.lead_source',
            'has_opted_out': 'people.has_opted_out',
            'crm_object': "'marketo'",
            'merged_into_lead_id': 'people.merged_into_lead_id',
            'is_deleted': true_or_false('people.is_deleted'),
            'created_at': 'people.created_at',
            'updated_at': 'people.updated_at',
            'source_table': "'lead'",
            'fate_reason': "case when people.is_merged then 'merged' when people.is_deleted then 'deleted' end"
        }, ['lead'], 'people') }}
    from people
    left join country_names on {{ as_country_name('people.country') }} = country_names.country_name
    left join industries on lower(people.industry) = industries.source_value

)

select * from judged
