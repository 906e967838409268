{{ config(materialized=kept_for_many()) }}

{{ newest_per_key(ref('lead_qualification', 'base_sales__sales_activities'), 'sales_activities') }}

select * from newest
