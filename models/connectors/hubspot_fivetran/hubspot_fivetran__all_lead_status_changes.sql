{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_lead_status_changes('hubspot_fivetran') }}
