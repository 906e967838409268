{{ kept_rows('hubspot_airbyte', 'sales_reps') }}
