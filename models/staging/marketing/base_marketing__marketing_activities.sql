{{ event_rows('marketing_activities') }}

select * from typed
