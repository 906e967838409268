{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_lead_status_changes('hubspot_airbyte') }}
