{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_sales_activities('hubspot_airbyte') }}
