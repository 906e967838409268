{{ typed_rows('accounts') }}

select * from typed
