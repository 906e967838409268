{{ config(materialized='table', tags=['kept']) }}

-- A table that stays: the dashboard and messages name reps after the build.
{{ newest_per_key(ref('lead_qualification', 'base_sales__sales_reps'), 'sales_reps') }}

select * from newest
