{{ hubspot_opportunity_contacts('hubspot_fivetran') }}
