{{ coverage_of('marketo') }}
