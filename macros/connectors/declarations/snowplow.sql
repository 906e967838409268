{#- Snowplow: the atomic events. -#}
{% macro snowplow__landed() %}
    {{ return({
        'title': 'Snowplow',
        'family': 'snowplow',
        'page': 'docs/connectors/snowplow.md',
        'gives': ['web_events', 'product_events', 'marketing_activities'],
        'options': [],
        'tables': {
            'events': {
                'feeds': ['web_events', 'product_events', 'marketing_activities'],
                'needed': True,
                'required': ['event_id', 'event', 'collector_tstamp', 'derived_tstamp'],
                'optional': [
                    'user_id', 'domain_userid', 'domain_sessionid', 'event_name', 'useragent', 'page_url', 'page_urlpath',
                    'se_action',
                ],
            },
            'user_emails': {
                'feeds': ['web_events'],
                'required': ['user_id', 'email'],
            },
        },
    }) }}
{% endmacro %}
