{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_sales_activities('hubspot_fivetran') }}
