-- One number for everything that the tables of a lead are made of: who it is, its signals, and what
-- people recorded of it up to as_of. An account's attributes stand in int_leads and, as they were, in
-- int_lead_attribute_stretches; its intent in int_lead_signals. A deal counts once more when it has closed.
{%- set tables = ['int_leads', 'int_lead_records', 'int_lead_signals', 'int_deal_members', 'int_lead_attribute_stretches'] %}
{%- set facts = [
    ('stg_sales__sales_activities', 'occurred_at'),
    ('stg_crm__lead_status_changes', 'changed_at'),
    ('stg_crm__qualification_answers', 'answered_at'),
] %}
with

row_hashes as (
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
    union all
    {%- endfor %}
    {%- if requires_check('buying_committee') %}
    -- Whether enough people of the account engaged.
    select
        leads.lead_id,
        {{ hash_of_row(ref('lead_qualification', 'int_lead_signals'), 'facts', 'buying_committee') }} as row_hash
    from {{ ref('lead_qualification', 'int_lead_signals') }} as facts
    inner join {{ ref('lead_qualification', 'int_leads') }} as people on facts.lead_id = people.lead_id
    inner join {{ ref('lead_qualification', 'int_leads') }} as leads on people.account_id = leads.account_id
    where facts.is_engagement and people.lead_id <> leads.lead_id
    union all
    {%- endif %}
    {%- for time in ['created_at', 'closed_at'] %}
    select
        members.lead_id,
        {{ hash_of_row(ref('lead_qualification', 'stg_crm__opportunities'), 'facts', 'opportunities ' ~ time) }} as row_hash
    from {{ ref('lead_qualification', 'stg_crm__opportunities') }} as facts
    inner join {{ ref('lead_qualification', 'int_deal_members') }} as members on facts.opportunity_id = members.opportunity_id
    where facts.{{ time }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

fingerprints as (

    select
        lead_id,
        {{ sum_of_hashes('row_hash') }} as fingerprint
    from row_hashes
    group by lead_id

)

select * from fingerprints
