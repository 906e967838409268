{{ stream_product_events('segment') }}
