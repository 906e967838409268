{{ hubspot_lead_status_changes('hubspot_fivetran') }}
