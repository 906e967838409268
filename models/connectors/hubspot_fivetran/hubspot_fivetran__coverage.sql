{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ coverage_of('hubspot_fivetran') }}
