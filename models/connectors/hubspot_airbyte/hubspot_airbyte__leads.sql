{{ kept_rows('hubspot_airbyte', 'leads') }}
