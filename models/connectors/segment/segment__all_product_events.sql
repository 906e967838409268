{{ config(enabled=is_connected('segment')) }}
{{ stream_product_events('segment') }}
