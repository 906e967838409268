{{ coverage_of('snowplow') }}
