{{ config(enabled=is_connected('snowplow')) }}
{{ stream_product_events('snowplow') }}
