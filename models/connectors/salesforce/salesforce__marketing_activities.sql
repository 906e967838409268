{{ kept_rows('salesforce', 'marketing_activities') }}
