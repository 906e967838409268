{{ stream_product_events('ga4') }}
