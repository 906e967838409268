{{ config(enabled=is_connected()) }}
{{ connected_rows('product_events') }}
