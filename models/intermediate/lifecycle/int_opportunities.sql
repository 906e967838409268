{{ config(materialized='by_lead') }}

-- The opportunities of each lead as they stood at as_of: one that closed later is open.
with

records as (

    select * from {{ rows_of_this_run('int_lead_records') }}

),

opportunities as (

    select
        opportunities.opportunity_id,
        records.lead_id,
        opportunities.amount,
        opportunities.created_at,
        case when opportunities.closed_at <= {{ as_of() }} then opportunities.closed_at end as closed_at,
        coalesce(opportunities.is_won and opportunities.closed_at <= {{ as_of() }}, false) as is_won
    from {{ ref('lead_qualification', 'stg_crm__opportunities') }} as opportunities
    inner join records on opportunities.lead_id = records.record_id
    where opportunities.created_at <= {{ as_of() }}

)

select * from opportunities
