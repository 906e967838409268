{{ config(enabled=is_connected('segment')) }}
{{ kept_rows('segment', 'product_events') }}
