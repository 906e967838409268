{{ config(enabled=is_connected('ga4')) }}
{{ stream_web_events('ga4') }}
