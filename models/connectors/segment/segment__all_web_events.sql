{{ config(enabled=is_connected('segment')) }}
{{ stream_web_events('segment') }}
