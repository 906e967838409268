{{ config(enabled=is_connected()) }}
{{ connected_rows('marketing_activities') }}
