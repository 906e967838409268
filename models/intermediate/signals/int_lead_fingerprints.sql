-- One number for everything that the tables of a lead are made of: who it is, its signals, and what
-- people recorded of it up to as_of. An account's attributes stand in int_leads, its intent in
-- int_lead_signals. A deal counts once more when it has closed.
{%- set tables = ['int_leads', 'int_lead_records', 'int_lead_signals'] %}
{%- set facts = [
    ('stg_sales__sales_activities', 'occurred_at'),
    ('stg_crm__lead_status_changes', 'changed_at'),
    ('stg_crm__qualification_answers', 'answered_at'),
    ('stg_crm__opportunities', 'created_at'),
    ('stg_crm__opportunities', 'closed_at'),
] %}
with

hashes as (
    {% for table in tables %}
    select
        facts.lead_id,
        {{ hash_of_row(ref('lead_qualification', table), 'facts', table) }} as row_hash
    from {{ ref('lead_qualification', table) }} as facts
    union all
    {% endfor %}
    {%- for table, time in facts %}
    select
        records.lead_id,
        {{ hash_of_row(ref('lead_qualification', table), 'facts', table ~ ' ' ~ time) }} as row_hash
    from {{ ref('lead_qualification', table) }} as facts
    inner join {{ ref('lead_qualification', 'int_lead_records') }} as records on facts.lead_id = records.record_id
    where facts.{{ time }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

fingerprints as (

    select
        lead_id,
        {{ sum_of_hashes('row_hash') }} as fingerprint
    from hashes
    group by lead_id

)

select * from fingerprints
