{{ kept_rows('salesforce', 'campaigns') }}
