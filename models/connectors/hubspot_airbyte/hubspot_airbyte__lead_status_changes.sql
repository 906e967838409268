{{ kept_rows('hubspot_airbyte', 'lead_status_changes') }}
