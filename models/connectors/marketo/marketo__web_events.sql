{{ config(enabled=is_connected('marketo')) }}
{{ kept_rows('marketo', 'web_events') }}
