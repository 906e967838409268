{{ config(enabled=is_connected('marketo')) }}
{{ kept_rows('marketo', 'lead_status_changes') }}
