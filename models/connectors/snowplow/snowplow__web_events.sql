{{ config(enabled=is_connected('snowplow')) }}
{{ kept_rows('snowplow', 'web_events') }}
