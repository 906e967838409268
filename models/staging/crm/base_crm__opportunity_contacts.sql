{{ typed_rows('opportunity_contacts') }}

select * from typed
