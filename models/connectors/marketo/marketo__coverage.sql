{{ config(enabled=is_connected('marketo')) }}
{{ coverage_of('marketo') }}
