{{ newest_per_key(ref('lead_qualification', 'base_crm__campaign_costs'), 'campaign_costs') }}

select * from newest
