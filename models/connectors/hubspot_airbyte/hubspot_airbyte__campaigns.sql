{{ kept_rows('hubspot_airbyte', 'campaigns') }}
