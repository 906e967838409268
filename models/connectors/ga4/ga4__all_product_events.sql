{{ config(enabled=is_connected('ga4')) }}
{{ stream_product_events('ga4') }}
