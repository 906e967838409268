{{ kept_rows('ga4', 'marketing_activities') }}
