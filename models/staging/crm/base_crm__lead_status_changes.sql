{{ typed_rows('lead_status_changes') }}

select * from typed
