{{ config(enabled=is_connected('rudderstack')) }}
{{ kept_rows('rudderstack', 'web_events') }}
