{{ config(enabled=is_connected('segment')) }}
{{ kept_rows('segment', 'web_events') }}
