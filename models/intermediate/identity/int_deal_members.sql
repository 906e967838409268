-- The leads of each deal up to as_of: the lead of its row and further contacts. is_holder: the one at which the
-- deal and its money count. A contact has a part in the deal only from counts_from on, when it came.
with

opportunities as (

    select
        opportunity_id,
        lead_id
    from {{ ref('lead_qualification', 'stg_crm__opportunities') }}
    where created_at <= {{ as_of() }}

),

records as (

    select * from {{ ref('lead_qualification', 'int_lead_records') }}

),

named as (

    select
        opportunities.opportunity_id,
        records.lead_id,
        0 as closeness
    from opportunities
    inner join records on opportunities.lead_id = records.record_id
    union all
    select
        opportunities.opportunity_id,
        records.lead_id,
        case when contacts.is_primary then 1 else 2 end as closeness
    from {{ ref('lead_qualification', 'stg_crm__opportunity_contacts') }} as contacts
    inner join opportunities on contacts.opportunity_id = opportunities.opportunity_id
    inner join records on contacts.lead_id = records.record_id

),

closest as (

    select
        opportunity_id,
        lead_id,
        min(closeness) as closeness
    from named
    group by opportunity_id, lead_id

),

members as (

    select
        closest.opportunity_id,
        closest.lead_id,
        case when closest.closeness > 0 then leads.created_at end as counts_from,
        row_number() over (
            partition by closest.opportunity_id
            order by closest.closeness, {{ bytewise('closest.lead_id') }}
        ) = 1 as is_holder
    from closest
    inner join {{ ref('lead_qualification', 'int_identified_leads') }} as leads on closest.lead_id = leads.lead_id

)

select * from members
