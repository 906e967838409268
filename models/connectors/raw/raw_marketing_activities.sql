{{ connected_rows('marketing_activities') }}
