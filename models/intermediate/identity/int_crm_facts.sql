-- What people recorded about a lead in the CRM, under its surviving record, up to as_of. A deal is its
-- holder's. is_erased: the record that it names is erased, and nobody living has a part in it.
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

resolved as (

    select
        facts.source,
        facts.record_id,
        coalesce(holders.lead_id, records.lead_id) as lead_id,
        holders.lead_id is null and erased_leads.lead_id is not null as is_erased,
        facts.occurred_at
    from facts
    left join {{ ref('lead_qualification', 'int_lead_records') }} as records on facts.given_lead_id = records.record_id
    left join {{ ref('lead_qualification', 'int_erased_leads') }} as erased_leads on facts.given_lead_id = erased_leads.lead_id
    left join {{ ref('lead_qualification', 'int_deal_members') }} as holders
        on
            facts.source = 'opportunities'
            and facts.record_id = holders.opportunity_id
            and holders.is_holder
    where facts.occurred_at <= {{ as_of() }}

)

select * from resolved
