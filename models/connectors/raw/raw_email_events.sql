{{ config(enabled=is_connected()) }}
{{ connected_rows('email_events') }}
