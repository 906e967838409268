{{ config(enabled=is_connected('rudderstack')) }}
{{ kept_rows('rudderstack', 'product_events') }}
