{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ hubspot_attribute_changes('hubspot_fivetran') }}
