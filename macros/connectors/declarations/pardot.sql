{#- Pardot: prospects, campaigns and what visitors did. -#}
{% macro pardot__landed() %}
    {{ return({
        'title': 'Pardot (Account Engagement) by Fivetran',
        'family': 'pardot',
        'page': 'docs/connectors/pardot.md',
        'gives': ['leads', 'email_events', 'marketing_activities', 'campaigns'],
        'options': [],
        'has_own_prefix': True,
        'tables': {
            'prospect': {
                'feeds': ['leads'],
                'needed': True,
                'required': ['id', 'email', 'created_at'],
                'optional': [
                    'first_name', 'last_name', 'job_title', 'phone', 'company', 'industry', 'employees', 'annual_revenue',
                    'country', 'source', 'campaign_id', 'crm_lead_fid', 'crm_contact_fid', 'opted_out', 'is_do_not_email',
                    'updated_at', '_fivetran_deleted',
                ],
                'keys': ['id', 'campaign_id'],
                'cleaned': ['crm_lead_fid', 'crm_contact_fid'],
            },
            'visitor_activity': {
                'feeds': ['email_events', 'marketing_activities'],
                'required': ['id', 'type', 'created_at'],
                'optional': ['type_name', 'prospect_id', 'campaign_id', 'details'],
                'keys': ['id', 'prospect_id', 'campaign_id'],
                'cleaned': ['type'],
            },
            'campaign': {
                'feeds': ['campaigns'],
                'required': ['id'],
                'optional': ['name', '_fivetran_deleted'],
                'keys': ['id'],
            },
        },
    }) }}
{% endmacro %}
