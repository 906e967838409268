{{ event_rows('product_events') }}

select * from typed
