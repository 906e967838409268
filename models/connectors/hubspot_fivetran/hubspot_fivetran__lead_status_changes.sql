{{ kept_rows('hubspot_fivetran', 'lead_status_changes') }}
