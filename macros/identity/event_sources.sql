{#-
    The sources of events: for each the staged model, the names of its key and of the kind of its
    events, and which of event_columns it has; the others are null in all of its rows.
-#}
{% macro event_sources() %}
    {{ return({
        'web_events': {
            'model': 'stg_web__web_events', 'key': 'event_id', 'kind': 'event_name',
            'columns': ['lead_id', 'email', 'anonymous_id', 'page_path', 'session_id', 'user_agent', 'value']},
        'email_events': {
            'model': 'stg_email__email_events', 'key': 'event_id', 'kind': 'event_type',
            'columns': ['email', 'program', 'campaign_id', 'user_agent', 'link_url']},
        'marketing_activities': {
            'model': 'stg_marketing__marketing_activities', 'key': 'activity_id', 'kind': 'activity_type',
            'columns': ['lead_id', 'email', 'asset', 'campaign_id', 'value']},
        'product_events': {
            'model': 'stg_product__product_events', 'key': 'event_id', 'kind': 'event_name', 'columns': ['email']},
        'intent_signals': {
            'model': 'stg_intent__intent_signals', 'key': 'signal_id', 'kind': 'signal_type',
            'columns': ['account_domain', 'email']},
    }) }}
{% endmacro %}


{#- What an event may have besides its key, kind and time. -#}
{% macro event_columns() %}
    {{ return([
        'lead_id', 'email', 'anonymous_id', 'account_domain', 'program', 'page_path', 'session_id', 'asset', 'campaign_id',
        'user_agent', 'link_url', 'value',
    ]) }}
{% endmacro %}
