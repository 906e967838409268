{{ config(materialized=kept_as_view()) }}

{{ newest_per_key(ref('lead_qualification', 'base_sales__sales_activities'), 'sales_activities') }}

select * from newest
