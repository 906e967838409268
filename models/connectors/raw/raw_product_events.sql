{{ connected_rows('product_events') }}
