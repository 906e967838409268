{{ kept_rows('salesforce', 'opportunities') }}
