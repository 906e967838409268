{{ config(materialized='view', tags=['work']) }}

-- The records of leads as they were at as_of.
{{ records_at_as_of('lead', 'stg_crm__leads') }}
