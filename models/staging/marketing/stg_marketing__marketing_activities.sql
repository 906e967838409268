{{ newest_per_key(ref('lead_qualification', 'base_marketing__marketing_activities'), 'marketing_activities') }}

select * from newest
