{{ config(materialized=kept_as_view()) }}

{{ newest_per_key(ref('lead_qualification', 'base_crm__lead_status_changes'), 'lead_status_changes') }}

select * from newest
