{{ typed_rows('attribute_changes') }}

select * from typed
