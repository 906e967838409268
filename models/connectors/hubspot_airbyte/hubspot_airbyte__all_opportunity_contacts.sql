{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_opportunity_contacts('hubspot_airbyte') }}
