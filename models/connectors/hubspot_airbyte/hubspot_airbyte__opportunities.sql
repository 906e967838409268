{{ kept_rows('hubspot_airbyte', 'opportunities') }}
