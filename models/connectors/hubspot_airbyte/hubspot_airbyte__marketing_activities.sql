{{ kept_rows('hubspot_airbyte', 'marketing_activities') }}
