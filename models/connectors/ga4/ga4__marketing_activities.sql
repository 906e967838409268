{{ config(enabled=is_connected('ga4')) }}
{{ kept_rows('ga4', 'marketing_activities') }}
