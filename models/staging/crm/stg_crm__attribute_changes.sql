{{ newest_per_key(ref('lead_qualification', 'base_crm__attribute_changes'), 'attribute_changes') }}

select * from newest
