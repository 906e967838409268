{{ newest_per_key(ref('lead_qualification', 'base_sales__sales_reps'), 'sales_reps') }}

select * from newest
