{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_opportunity_contacts('hubspot_fivetran') }}
