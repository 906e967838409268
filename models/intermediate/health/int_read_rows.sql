{{ config(materialized='ephemeral') }}

-- What became of the raw rows that count, up to as_of: used, or why not, one row each. Long because each
-- kind of source is a branch of the same shape.
with

leads as (

    select
        'leads' as source,
        case
            when erased_leads.lead_id is not null then 'erased'
            when records.lead_id <> stg_leads.lead_id then 'merged'
            when leads.lead_id is null then 'unusable'
            else 'used'
        end as outcome
    from {{ ref('lead_qualification', 'stg_crm__leads') }} as stg_leads
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on stg_leads.lead_id = erased_leads.lead_id
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records on stg_leads.lead_id = records.record_id
    left join {{ ref('lead_qualification', 'int_leads') }} as leads on stg_leads.lead_id = leads.lead_id
    where stg_leads.created_at is null or stg_leads.created_at <= {{ as_of() }}

),

contacts as (

    select
        'opportunity_contacts' as source,
        case
            when erased_leads.lead_id is not null then 'erased'
            when members.lead_id is null then 'unresolved'
            else 'used'
        end as outcome
    from {{ ref('lead_qualification', 'stg_crm__opportunity_contacts') }} as contacts
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on contacts.lead_id = erased_leads.lead_id
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records on contacts.lead_id = records.record_id
    left join {{ ref('lead_qualification', 'int_deal_members') }} as members
        on
            contacts.opportunity_id = members.opportunity_id
            and records.lead_id = members.lead_id

),

costs as (

    select * from {{ ref('lead_qualification', 'base_crm__cost_rows') }}

),

-- A lead that is in no table, for nothing says how old it is, has no attributes either.
attribute_changes as (

    select
        'attribute_changes' as source,
        case
            when changes.object = 'lead' and leads.lead_id is null and changes.outcome in ('used', 'not_tracked') then 'unresolved'
            else changes.outcome
        end as outcome
    from {{ ref('lead_qualification', 'int_attribute_changes') }} as changes
    left join {{ ref('lead_qualification', 'int_leads') }} as leads on changes.record_id = leads.lead_id

),

read_rows as (

    select * from leads
    union all
    select * from contacts
    union all
    select
        'campaign_costs' as source,
        outcome
    from costs
    where outcome = 'used' and cast(cost_date as timestamp) <= {{ as_of() }}
    union all
    select
        source,
        coalesce(excluded_because, 'used') as outcome
    from {{ ref('lead_qualification', 'int_resolved_events') }}
    union all
    select * from attribute_changes
    union all
    select
        source,
        case
            when is_erased then 'erased'
            when lead_id is null then 'unresolved'
            else 'used'
        end as outcome
    from {{ ref('lead_qualification', 'int_crm_facts') }}
    {%- for source_name, model in {
        'accounts': 'stg_crm__accounts', 'campaigns': 'stg_crm__campaigns', 'sales_reps': 'stg_sales__sales_reps'}.items() %}
    union all
    select
        '{{ source_name }}' as source,
        'used' as outcome
    from {{ ref('lead_qualification', model) }}
    {%- endfor %}

)

select * from read_rows
