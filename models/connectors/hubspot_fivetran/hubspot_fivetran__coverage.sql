{{ coverage_of('hubspot_fivetran') }}
