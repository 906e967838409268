{#- Marketo: people, programs and one table per type of activity. -#}
{% macro marketo__landed() %}
    {{ return({
        'title': 'Marketo by Fivetran',
        'family': 'marketo',
        'page': 'docs/connectors/marketo.md',
        'gives': ['leads', 'lead_status_changes', 'attribute_changes', 'email_events', 'marketing_activities', 'web_events', 'campaigns', 'campaign_costs'],
        'options': ['status_attributes'],
        'has_own_prefix': True,
        'tables': {
            'lead': {
                'feeds': ['leads'],
                'needed': True,
                'required': ['id', 'email', 'created_at'],
                'optional': [
                    'first_name', 'last_name', 'title', 'phone', 'company', 'industry', 'number_of_employees', 'annual_revenue',
                    'country', 'lead_source', 'unsubscribed', 'email_invalid', 'sfdc_lead_id', 'sfdc_contact_id', 'updated_at',
                ],
                'keys': ['id'],
                'cleaned': ['sfdc_lead_id', 'sfdc_contact_id'],
            },
            'activity_merge_leads': {
                'feeds': ['leads'],
                'required': ['lead_id', 'merge_ids'],
                'keys': ['lead_id'],
            },
            'merged_lead': {
                'feeds': ['leads'],
                'required': ['merged_lead', 'into_lead'],
                'keys': ['merged_lead', 'into_lead'],
            },
            'activity_delete_lead': {
                'feeds': ['leads'],
                'required': ['lead_id'],
                'keys': ['lead_id'],
            },
            'activity_change_data_value': {
                'feeds': ['lead_status_changes', 'attribute_changes'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value', 'new_value', 'old_value'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_email_delivered': {
                'feeds': ['email_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_open_email': {
                'feeds': ['email_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value', 'user_agent'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_click_email': {
                'feeds': ['email_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value', 'link', 'user_agent'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_email_bounced': {
                'feeds': ['email_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value', 'category'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_unsubscribe_email': {
                'feeds': ['email_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_fill_out_form': {
                'feeds': ['marketing_activities'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'activity_visit_webpage': {
                'feeds': ['web_events'],
                'required': ['id', 'lead_id', 'activity_date'],
                'optional': ['campaign_id', 'primary_attribute_value', 'webpage_url', 'user_agent'],
                'keys': ['id', 'lead_id', 'campaign_id'],
            },
            'campaign': {
                'feeds': ['email_events'],
                'required': ['id'],
                'optional': ['program_id'],
                'keys': ['id', 'program_id'],
            },
            'program': {
                'feeds': ['campaigns'],
                'required': ['id'],
                'optional': ['name', 'channel', 'start_date', 'end_date', '_fivetran_deleted'],
                'keys': ['id'],
            },
            'program_cost': {
                'feeds': ['campaign_costs'],
                'required': ['program_id'],
                'optional': ['start_date', 'cost'],
                'keys': ['program_id'],
            },
        },
    }) }}
{% endmacro %}
