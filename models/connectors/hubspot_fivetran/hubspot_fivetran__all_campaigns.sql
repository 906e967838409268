{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_campaigns('hubspot_fivetran') }}
