{{ config(enabled=is_connected('salesforce')) }}
{{ kept_rows('salesforce', 'sales_activities') }}
