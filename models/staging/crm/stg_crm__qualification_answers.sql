{{ config(materialized=kept_for_many()) }}

{{ newest_per_key(ref('lead_qualification', 'base_crm__qualification_answers'), 'qualification_answers') }}

select * from newest
