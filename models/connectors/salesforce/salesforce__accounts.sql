{{ kept_rows('salesforce', 'accounts') }}
