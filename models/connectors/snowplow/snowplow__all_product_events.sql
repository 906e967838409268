{{ stream_product_events('snowplow') }}
