{{ config(enabled=is_connected()) }}
{{ connected_rows('web_events') }}
