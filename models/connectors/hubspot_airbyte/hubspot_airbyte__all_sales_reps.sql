{{ hubspot_sales_reps('hubspot_airbyte') }}
