{{ kept_rows('ga4', 'web_events') }}
