{{ config(enabled=is_connected()) }}
{{ connected_rows('sales_activities') }}
