{{ connected_rows('campaign_costs') }}
