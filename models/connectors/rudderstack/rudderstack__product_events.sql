{{ kept_rows('rudderstack', 'product_events') }}
