{{ config(materialized='by_lead') }}

-- The opportunities of each lead as they stood at as_of: one that closed later is open. Deals and
-- money count at the holder; a contact has a part from counts_from on.
with

members as (

    select * from {{ rows_of_this_run('int_deal_members') }}

),

opportunities as (

    select
        opportunities.opportunity_id,
        members.lead_id,
        members.is_holder,
        members.counts_from,
        opportunities.amount,
        opportunities.created_at,
        case when opportunities.closed_at <= {{ as_of() }} then opportunities.closed_at end as closed_at,
        opportunities.lost_reason,
        coalesce(opportunities.is_won and opportunities.closed_at <= {{ as_of() }}, false) as is_won
    from {{ ref('lead_qualification', 'stg_crm__opportunities') }} as opportunities
    inner join members on opportunities.opportunity_id = members.opportunity_id

)

select * from opportunities
