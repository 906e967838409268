{{ coverage_of('hubspot_airbyte') }}
