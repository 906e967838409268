{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_marketing_activities('hubspot_airbyte') }}
