{{ hubspot_leads('hubspot_fivetran') }}
