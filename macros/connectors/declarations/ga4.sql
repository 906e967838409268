{#- Google Analytics 4: one table of nested events per day. -#}
{% macro ga4__landed() %}
    {{ return({
        'title': 'Google Analytics 4, export to BigQuery',
        'family': 'ga4',
        'page': 'docs/connectors/ga4.md',
        'gives': ['web_events', 'product_events', 'marketing_activities'],
        'options': [],
        'tables': {
            'events_': {
                'feeds': ['web_events', 'product_events', 'marketing_activities'],
                'needed': True,
                'prefix': True,
                'required': ['event_date', 'event_timestamp', 'event_name'],
                'optional': ['event_params', 'event_bundle_sequence_id', 'user_id', 'user_pseudo_id'],
                'keys': ['event_date'],
                'cleaned': ['event_timestamp', 'event_bundle_sequence_id'],
            },
            'events_intraday_': {
                'feeds': ['web_events', 'product_events', 'marketing_activities'],
                'prefix': True,
                'required': ['event_date', 'event_timestamp', 'event_name'],
                'optional': ['event_params', 'event_bundle_sequence_id', 'user_id', 'user_pseudo_id'],
                'keys': ['event_date'],
                'cleaned': ['event_timestamp', 'event_bundle_sequence_id'],
            },
            'user_emails': {
                'feeds': ['web_events'],
                'required': ['user_id', 'email'],
            },
        },
    }) }}
{% endmacro %}
