{{ config(enabled=is_connected('salesforce')) }}
{{ kept_rows('salesforce', 'leads') }}
