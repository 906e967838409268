{{ config(enabled=is_connected('segment')) }}
{{ stream_marketing_activities('segment') }}
