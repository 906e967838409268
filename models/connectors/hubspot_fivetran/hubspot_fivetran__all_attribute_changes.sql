{{ hubspot_attribute_changes('hubspot_fivetran') }}
