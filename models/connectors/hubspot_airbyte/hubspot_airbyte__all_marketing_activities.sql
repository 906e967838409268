{{ hubspot_marketing_activities('hubspot_airbyte') }}
