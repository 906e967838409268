{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_opportunities('hubspot_airbyte') }}
