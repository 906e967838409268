{{ coverage_of('salesforce') }}
