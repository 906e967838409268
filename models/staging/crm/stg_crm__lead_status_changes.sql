{{ config(materialized=kept_for_many()) }}

{{ newest_per_key(ref('lead_qualification', 'base_crm__lead_status_changes'), 'lead_status_changes') }}

select * from newest
