{{ kept_rows('salesforce', 'leads') }}
