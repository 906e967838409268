{{ newest_per_key(ref('lead_qualification', 'base_crm__campaigns'), 'campaigns') }}

select * from newest
