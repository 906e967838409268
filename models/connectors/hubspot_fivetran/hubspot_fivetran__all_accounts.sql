{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_accounts('hubspot_fivetran') }}
