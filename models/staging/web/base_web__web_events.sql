{{ typed_rows('web_events') }}

select * from typed
