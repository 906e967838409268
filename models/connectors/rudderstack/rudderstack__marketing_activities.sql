{{ kept_rows('rudderstack', 'marketing_activities') }}
