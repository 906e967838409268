{{ config(enabled=is_connected('snowplow')) }}
{{ coverage_of('snowplow') }}
