{{ config(materialized=kept_as_view()) }}

{{ newest_per_key(ref('lead_qualification', 'base_email__email_events'), 'email_events') }}

select * from newest
