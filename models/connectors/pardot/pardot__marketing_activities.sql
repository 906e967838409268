{{ kept_rows('pardot', 'marketing_activities') }}
