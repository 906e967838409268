{{ stream_product_events('rudderstack') }}
