{{ config(enabled=is_connected('rudderstack')) }}
{{ kept_rows('rudderstack', 'marketing_activities') }}
