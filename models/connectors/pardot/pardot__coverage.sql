{{ config(enabled=is_connected('pardot')) }}
{{ coverage_of('pardot') }}
