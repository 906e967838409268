{{ hubspot_leads('hubspot_airbyte') }}
