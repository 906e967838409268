{{ config(enabled=is_connected('rudderstack')) }}
{{ stream_product_events('rudderstack') }}
