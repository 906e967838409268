{{ event_rows('email_events') }}

select * from typed
