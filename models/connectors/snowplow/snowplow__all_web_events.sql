{{ config(enabled=is_connected('snowplow')) }}
{{ stream_web_events('snowplow') }}
