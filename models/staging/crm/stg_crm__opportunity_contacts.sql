{{ newest_per_key(ref('lead_qualification', 'base_crm__opportunity_contacts'), 'opportunity_contacts') }}

select * from newest
