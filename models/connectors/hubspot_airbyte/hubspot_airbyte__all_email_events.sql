{{ hubspot_email_events('hubspot_airbyte') }}
