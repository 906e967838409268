{{ kept_rows('hubspot_airbyte', 'attribute_changes') }}
