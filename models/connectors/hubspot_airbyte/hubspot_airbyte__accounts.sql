{{ kept_rows('hubspot_airbyte', 'accounts') }}
