{{ config(enabled=is_connected('ga4')) }}
{{ coverage_of('ga4') }}
