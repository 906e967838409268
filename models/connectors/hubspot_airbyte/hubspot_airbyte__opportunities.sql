{{ config(enabled=is_connected('hubspot_airbyte')) }}
{{ kept_rows('hubspot_airbyte', 'opportunities') }}
