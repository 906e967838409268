{{ kept_rows('marketo', 'campaign_costs') }}
