{{ config(enabled=is_connected('salesforce')) }}
{{ coverage_of('salesforce') }}
