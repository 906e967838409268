{{ kept_rows('segment', 'marketing_activities') }}
