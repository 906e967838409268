{{ typed_rows('marketing_activities') }}

select * from typed
