{{ config(enabled=is_connected('rudderstack')) }}
{{ stream_marketing_activities('rudderstack') }}
