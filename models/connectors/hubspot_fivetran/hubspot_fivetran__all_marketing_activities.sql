{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_marketing_activities('hubspot_fivetran') }}
