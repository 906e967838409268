{{ config(enabled=is_connected('pardot')) }}
{{ kept_rows('pardot', 'email_events') }}
