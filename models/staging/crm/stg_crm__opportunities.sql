{{ newest_per_key(ref('lead_qualification', 'base_crm__opportunities'), 'opportunities') }}

select * from newest
