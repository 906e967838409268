{{ hubspot_opportunities('hubspot_fivetran') }}
