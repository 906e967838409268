{{ coverage_of('segment') }}
