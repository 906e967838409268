{{ typed_rows('campaign_costs') }}

select * from typed
