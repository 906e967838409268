{{ kept_rows('hubspot_airbyte', 'email_events') }}
