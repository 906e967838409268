{{ config(enabled=is_connected('pardot')) }}
{{ kept_rows('pardot', 'marketing_activities') }}
