{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ hubspot_email_events('hubspot_airbyte') }}
