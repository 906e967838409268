{{ typed_rows('campaigns') }}

select * from typed
