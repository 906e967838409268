{{ config(enabled=is_connected('salesforce')) }}
{{ kept_rows('salesforce', 'lead_status_changes') }}
