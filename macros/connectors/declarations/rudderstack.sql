{#- RudderStack: the tables of a warehouse destination. -#}
{% macro rudderstack__landed() %}
    {{ return({
        'title': 'RudderStack',
        'family': 'segment',
        'signs': ['rudder_discards', 'context_passed_ip', 'context_request_ip'],
        'page': 'docs/connectors/rudderstack.md',
        'gives': ['web_events', 'product_events', 'marketing_activities'],
        'options': [],
        'tables': {
            'pages': {
                'feeds': ['web_events'],
                'needed': True,
                'required': ['id', 'anonymous_id', 'received_at', 'timestamp'],
                'optional': ['user_id', 'url', 'path', 'context_page_url', 'context_user_agent', 'context_session_id'],
            },
            'tracks': {
                'feeds': ['web_events', 'product_events', 'marketing_activities'],
                'required': ['id', 'event', 'received_at', 'timestamp'],
                'optional': [
                    'anonymous_id', 'user_id', 'context_page_url', 'context_page_path', 'context_user_agent',
                    'context_session_id',
                ],
            },
            'identifies': {
                'feeds': ['web_events'],
                'required': ['id', 'received_at', 'timestamp'],
                'optional': ['anonymous_id', 'user_id', 'email', 'context_user_agent', 'context_session_id'],
            },
            'users': {
                'feeds': ['web_events'],
                'required': ['id'],
                'optional': ['email', 'received_at'],
            },
        },
    }) }}
{% endmacro %}
