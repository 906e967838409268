{{ event_rows('intent_signals') }}

select * from typed
