{{ kept_rows('marketo', 'lead_status_changes') }}
