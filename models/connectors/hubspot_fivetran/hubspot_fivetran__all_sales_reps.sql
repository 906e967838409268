{{ hubspot_sales_reps('hubspot_fivetran') }}
