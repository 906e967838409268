{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_opportunities('hubspot_fivetran') }}
