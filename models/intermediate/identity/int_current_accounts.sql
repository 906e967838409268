{{ config(materialized=kept_as_view(), tags=['work']) }}

-- The records of accounts as they were at as_of.
{{ records_at_as_of('account', 'stg_crm__accounts') }}
