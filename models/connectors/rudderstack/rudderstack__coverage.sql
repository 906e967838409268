{{ config(enabled=is_connected('rudderstack')) }}
{{ coverage_of('rudderstack') }}
