{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_sales_reps('hubspot_fivetran') }}
