{{ kept_rows('hubspot_airbyte', 'opportunity_contacts') }}
