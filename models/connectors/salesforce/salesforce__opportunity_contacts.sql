{{ kept_rows('salesforce', 'opportunity_contacts') }}
