{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_email_events('hubspot_fivetran') }}
