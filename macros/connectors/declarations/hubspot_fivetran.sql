{#- HubSpot by Fivetran: tables of the schema hubspot, columns property_<name>. -#}
{% macro hubspot_fivetran__landed() %}
    {{ return({
        'title': 'HubSpot by Fivetran',
        'family': 'hubspot',
        'page': 'docs/connectors/hubspot_fivetran.md',
        'gives': ['leads', 'accounts', 'lead_status_changes', 'attribute_changes', 'sales_activities', 'marketing_activities', 'email_events', 'campaigns', 'opportunities', 'opportunity_contacts', 'sales_reps'],
        'options': ['own_sources'],
        'tables': {
            'contact': {
                'feeds': ['leads'],
                'needed': True,
                'required': ['id', 'property_email', 'property_createdate'],
                'optional': [
                    'property_firstname', 'property_lastname', 'property_jobtitle', 'property_phone', 'property_company',
                    'property_industry', 'property_numemployees', 'property_annualrevenue', 'property_country',
                    'property_hs_analytics_source', 'property_hubspot_owner_id', 'property_associatedcompanyid',
                    'property_hs_merged_object_ids', 'property_hs_email_hard_bounce_reason_enum', 'property_hs_email_optout',
                    'property_lastmodifieddate', '_fivetran_deleted',
                ],
                'keys': ['id', 'property_hubspot_owner_id', 'property_associatedcompanyid'],
                'crm': {
                    'crm_lifecycle_stage': 'property_lifecycle_stage',
                    'crm_lead_stage': 'property_lead_stage',
                    'crm_lead_score': 'property_lead_score',
                    'crm_lead_grade': 'property_lead_grade',
                    'crm_recommended_action': 'property_recommended_action',
                    'crm_nurture_track': 'property_nurture_track',
                    'crm_re_engage_on': 'property_re_engage_on',
                    'crm_sql_handed_off_at': 'property_sql_handed_off_at',
                    'crm_recommended_rep_id': 'property_recommended_rep_id',
                    'crm_score_reasons': 'property_score_reasons',
                },
                'hint': 'name the properties that Fivetran syncs in its schema settings',
            },
            'contact_property_history': {
                'feeds': ['lead_status_changes', 'attribute_changes', 'sales_activities'],
                'required': ['contact_id', 'name', 'value', 'timestamp'],
                'optional': ['source', 'source_id'],
                'keys': ['contact_id'],
            },
            'company': {
                'feeds': ['accounts'],
                'required': ['id'],
                'optional': [
                    'property_name', 'property_domain', 'property_industry', 'property_numberofemployees',
                    'property_annualrevenue', 'property_country', 'property_hs_is_target_account',
                    'property_hs_lastmodifieddate', 'is_deleted', '_fivetran_deleted',
                ],
                'keys': ['id'],
                'crm': {
                    'crm_account_score': 'property_account_score',
                    'crm_account_stage': 'property_account_stage',
                    'crm_is_in_market': 'property_is_in_market',
                },
            },
            'company_property_history': {
                'feeds': ['attribute_changes'],
                'required': ['company_id', 'name', 'value', 'timestamp'],
                'optional': ['source', 'source_id'],
                'keys': ['company_id'],
            },
            'deal': {
                'feeds': ['opportunities', 'opportunity_contacts'],
                'required': ['deal_id', 'property_createdate'],
                'optional': [
                    'deal_pipeline_id', 'deal_pipeline_stage_id', 'property_dealname', 'property_amount', 'property_closedate',
                    'property_hs_is_closed', 'property_hs_is_closed_won', 'property_closed_lost_reason',
                    'property_hs_lastmodifieddate', 'is_deleted', '_fivetran_deleted',
                ],
                'keys': ['deal_id'],
            },
            'deal_contact': {
                'feeds': ['opportunities', 'opportunity_contacts'],
                'required': ['deal_id', 'contact_id'],
                'keys': ['deal_id', 'contact_id'],
            },
            'deal_company': {
                'feeds': ['opportunities'],
                'required': ['deal_id', 'company_id'],
                'optional': ['type_id'],
                'keys': ['deal_id', 'company_id', 'type_id'],
            },
            'deal_stage': {
                'feeds': ['opportunities'],
                'required': ['deal_id', 'value', 'date_entered'],
                'keys': ['deal_id'],
            },
            'deal_pipeline_stage': {
                'feeds': ['opportunities'],
                'required': ['stage_id'],
                'optional': ['is_closed', 'closed_won', '_fivetran_deleted'],
            },
            'merged_deal': {
                'feeds': ['opportunities'],
                'required': ['deal_id', 'merged_deal_id'],
                'keys': ['deal_id', 'merged_deal_id'],
            },
            'engagement_contact': {
                'feeds': ['sales_activities'],
                'required': ['engagement_id', 'contact_id'],
                'keys': ['engagement_id', 'contact_id'],
            },
            'engagement_call': {
                'feeds': ['sales_activities'],
                'required': ['engagement_id'],
                'optional': [
                    'property_hs_timestamp', 'property_hs_createdate', 'property_hs_call_direction',
                    'property_hs_call_disposition', 'property_hubspot_owner_id', '_fivetran_deleted',
                ],
                'keys': ['engagement_id', 'property_hubspot_owner_id'],
            },
            'engagement_email': {
                'feeds': ['sales_activities'],
                'required': ['engagement_id'],
                'optional': [
                    'property_hs_timestamp', 'property_hs_createdate', 'property_hs_email_direction',
                    'property_hs_email_status', 'property_hubspot_owner_id', '_fivetran_deleted',
                ],
                'keys': ['engagement_id', 'property_hubspot_owner_id'],
            },
            'engagement_meeting': {
                'feeds': ['sales_activities'],
                'required': ['engagement_id'],
                'optional': [
                    'property_hs_timestamp', 'property_hs_createdate', 'property_hs_meeting_start_time',
                    'property_hs_meeting_outcome', 'meeting_outcome', 'property_hubspot_owner_id', '_fivetran_deleted',
                ],
                'keys': ['engagement_id', 'property_hubspot_owner_id'],
            },
            'form': {
                'feeds': ['marketing_activities'],
                'required': ['guid'],
                'optional': ['name'],
            },
            'contact_form_submission': {
                'feeds': ['marketing_activities'],
                'required': ['contact_id', 'timestamp'],
                'optional': ['conversion_id', 'form_id', 'title'],
                'keys': ['contact_id'],
            },
            'email_campaign': {
                'feeds': ['campaigns', 'email_events'],
                'required': ['id'],
                'optional': ['name'],
                'keys': ['id'],
            },
            'email_event': {
                'feeds': ['email_events'],
                'required': ['id', 'created', 'type', 'recipient'],
                'optional': ['email_campaign_id', 'filtered_event', 'obsoleted_by_id'],
                'keys': ['email_campaign_id'],
            },
            'email_event_open': {
                'feeds': ['email_events'],
                'required': ['id'],
                'optional': ['user_agent'],
            },
            'email_event_click': {
                'feeds': ['email_events'],
                'required': ['id'],
                'optional': ['url', 'user_agent'],
            },
            'email_event_bounce': {
                'feeds': ['email_events'],
                'required': ['id'],
                'optional': ['category'],
            },
            'email_event_status_change': {
                'feeds': ['email_events'],
                'required': ['id'],
                'optional': ['portal_subscription_status'],
            },
            'owner': {
                'feeds': ['sales_reps'],
                'required': ['owner_id'],
                'optional': ['email', 'first_name', 'last_name', 'active_user_id'],
                'keys': ['owner_id'],
            },
            'owner_team': {
                'feeds': ['sales_reps'],
                'required': ['owner_id', 'team_id'],
                'optional': ['is_team_primary'],
                'keys': ['owner_id', 'team_id'],
            },
            'team': {
                'feeds': ['sales_reps'],
                'required': ['id'],
                'optional': ['name'],
                'keys': ['id'],
            },
        },
    }) }}
{% endmacro %}
