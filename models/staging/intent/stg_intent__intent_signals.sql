{{ newest_per_key(ref('lead_qualification', 'base_intent__intent_signals'), 'intent_signals') }}

select * from newest
