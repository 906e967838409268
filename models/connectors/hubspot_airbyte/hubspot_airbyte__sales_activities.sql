{{ kept_rows('hubspot_airbyte', 'sales_activities') }}
