{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_leads('hubspot_airbyte') }}
