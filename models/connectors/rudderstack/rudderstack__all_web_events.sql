{{ config(enabled=is_connected('rudderstack')) }}
{{ stream_web_events('rudderstack') }}
