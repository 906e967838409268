{{ config(enabled=is_connected('snowplow')) }}
{{ kept_rows('snowplow', 'product_events') }}
