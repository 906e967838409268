{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_campaigns('hubspot_airbyte') }}
