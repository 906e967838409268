{{ config(enabled=is_connected('segment')) }}
{{ segment_stream('segment') }}
