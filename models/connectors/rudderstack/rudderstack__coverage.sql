{{ coverage_of('rudderstack') }}
