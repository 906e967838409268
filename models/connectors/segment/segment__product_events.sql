{{ kept_rows('segment', 'product_events') }}
