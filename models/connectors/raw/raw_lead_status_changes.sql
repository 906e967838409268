{{ connected_rows('lead_status_changes') }}
