{{ config(enabled=is_connected('marketo')) }}
{{ kept_rows('marketo', 'marketing_activities') }}
