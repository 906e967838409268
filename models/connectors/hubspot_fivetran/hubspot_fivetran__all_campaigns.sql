{{ hubspot_campaigns('hubspot_fivetran') }}
