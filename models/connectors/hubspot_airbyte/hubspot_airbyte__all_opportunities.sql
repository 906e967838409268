{{ hubspot_opportunities('hubspot_airbyte') }}
