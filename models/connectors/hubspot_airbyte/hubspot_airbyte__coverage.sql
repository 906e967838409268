{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ coverage_of('hubspot_airbyte') }}
