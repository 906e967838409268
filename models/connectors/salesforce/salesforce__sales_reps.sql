{{ kept_rows('salesforce', 'sales_reps') }}
