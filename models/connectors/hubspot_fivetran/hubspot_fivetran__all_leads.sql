{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_leads('hubspot_fivetran') }}
