{{ kept_rows('salesforce', 'lead_status_changes') }}
