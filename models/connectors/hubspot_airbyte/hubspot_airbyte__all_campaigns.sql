{{ hubspot_campaigns('hubspot_airbyte') }}
