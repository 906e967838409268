{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ kept_rows('hubspot_fivetran', 'lead_status_changes') }}
