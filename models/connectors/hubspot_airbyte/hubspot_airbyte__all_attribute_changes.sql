{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_attribute_changes('hubspot_airbyte') }}
