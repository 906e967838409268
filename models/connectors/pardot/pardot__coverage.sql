{{ coverage_of('pardot') }}
