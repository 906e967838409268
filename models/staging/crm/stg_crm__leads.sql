{{ config(materialized=kept_as_view()) }}

{{ newest_per_key(ref('lead_qualification', 'base_crm__leads'), 'leads') }}

select * from newest
