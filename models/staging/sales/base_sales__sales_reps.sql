{{ typed_rows('sales_reps') }}

select * from typed
