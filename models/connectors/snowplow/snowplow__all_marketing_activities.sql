{{ config(enabled=is_connected('snowplow')) }}
{{ stream_marketing_activities('snowplow') }}
