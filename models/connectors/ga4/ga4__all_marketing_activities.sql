{{ config(enabled=is_connected('ga4')) }}
{{ stream_marketing_activities('ga4') }}
