{{ kept_rows('salesforce', 'campaign_costs') }}
