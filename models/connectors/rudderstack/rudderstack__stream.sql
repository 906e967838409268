{{ config(enabled=is_connected('rudderstack')) }}
{{ segment_stream('rudderstack') }}
