{{ config(enabled=is_connected('segment')) }}
{{ kept_rows('segment', 'marketing_activities') }}
