{{ config(enabled=is_connected()) }}
{{ connected_rows('campaign_costs') }}
