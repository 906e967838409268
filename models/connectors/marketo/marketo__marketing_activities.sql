{{ kept_rows('marketo', 'marketing_activities') }}
