{{ kept_rows('snowplow', 'product_events') }}
