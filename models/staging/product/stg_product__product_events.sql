{{ newest_per_key(ref('lead_qualification', 'base_product__product_events'), 'product_events') }}

select * from newest
