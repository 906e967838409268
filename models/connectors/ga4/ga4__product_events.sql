{{ kept_rows('ga4', 'product_events') }}
