{{ coverage_of('ga4') }}
