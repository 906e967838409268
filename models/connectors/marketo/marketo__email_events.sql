{{ config(enabled=is_connected('marketo')) }}
{{ kept_rows('marketo', 'email_events') }}
