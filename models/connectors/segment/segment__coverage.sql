{{ config(enabled=is_connected('segment')) }}
{{ coverage_of('segment') }}
