-- What people recorded about a lead in the CRM, under its surviving record, up to as_of.
with

facts as (

    select
        'lead_status_changes' as source,
        change_id as record_id,
        lead_id as given_lead_id,
        changed_at as occurred_at
    from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }}
    union all
    select
        'qualification_answers' as source,
        answer_id as record_id,
        lead_id as given_lead_id,
        answered_at as occurred_at
    from {{ ref('lead_qualification', 'stg_crm__qualification_answers') }}
    union all
    select
        'sales_activities' as source,
        activity_id as record_id,
        lead_id as given_lead_id,
        occurred_at
    from {{ ref('lead_qualification', 'stg_sales__sales_activities') }}
    union all
    select
        'opportunities' as source,
        opportunity_id as record_id,
        lead_id as given_lead_id,
        created_at as occurred_at
    from {{ ref('lead_qualification', 'stg_crm__opportunities') }}

),

lead_records as (

    select
        record_id as given_lead_id,
        lead_id
    from {{ ref('lead_qualification', 'int_lead_records') }}

),

resolved as (

    select
        facts.source,
        facts.record_id,
        lead_records.lead_id,
        facts.occurred_at
    from facts
    left join lead_records on facts.given_lead_id = lead_records.given_lead_id
    where facts.occurred_at <= {{ as_of() }}

)

select * from resolved
