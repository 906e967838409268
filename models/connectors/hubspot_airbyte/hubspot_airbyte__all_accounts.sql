{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_accounts('hubspot_airbyte') }}
