{{ config(enabled=is_connected()) }}
{{ connected_rows('lead_status_changes') }}
