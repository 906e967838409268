{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_sales_reps('hubspot_airbyte') }}
