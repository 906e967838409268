{{ kept_rows('salesforce', 'sales_activities') }}
