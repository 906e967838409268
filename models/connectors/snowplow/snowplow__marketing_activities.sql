{{ kept_rows('snowplow', 'marketing_activities') }}
