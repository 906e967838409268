{{ newest_per_key(ref('lead_qualification', 'base_web__web_events'), 'web_events') }}

select * from newest
