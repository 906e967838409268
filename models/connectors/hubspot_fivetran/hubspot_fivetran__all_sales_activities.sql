{{ hubspot_sales_activities('hubspot_fivetran') }}
