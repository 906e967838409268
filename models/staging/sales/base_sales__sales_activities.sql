{{ typed_rows('sales_activities') }}

select * from typed
