{{ config(materialized='by_lead') }}

-- What became of each hand-off: the decision of sales, and the deal. Long by its columns.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

decisions as (

    select * from {{ rows_of_this_run('int_handoff_decisions') }}

),

opportunities as (

    select * from {{ rows_of_this_run('int_opportunities') }}
    where is_holder

),

ranks as (

    select
        {{ rank_of_role('opportunity') }} as opportunity_rank,
        {{ rank_of_role('customer') }} as customer_rank

),

milestones as (

    select
        entries.lead_id,
        entries.handoff_number,
        min(case when entries.funnel_rank >= ranks.opportunity_rank then entries.entered_at end) as opportunity_at,
        min(case when entries.funnel_rank >= ranks.customer_rank then entries.entered_at end) as customer_at
    from {{ rows_of_this_run('int_handoff_entries', 'entries') }}
    cross join ranks
    where not entries.is_end
    group by entries.lead_id, entries.handoff_number

),

deals as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        sum(opportunities.amount) as amount
    from handoffs
    inner join opportunities
        on
            handoffs.lead_id = opportunities.lead_id
            and {{ lies_in_handoff('handoffs', 'opportunities.created_at') }}
    group by handoffs.lead_id, handoffs.handoff_number

),

outcomes as (

    select
        milestones.lead_id,
        milestones.handoff_number,
        coalesce(decisions.disposition, 'none') as disposition,
        decisions.disposed_at,
        decisions.reason_code,
        decisions.decided_by_rep_id,
        milestones.opportunity_at,
        milestones.customer_at,
        cast(deals.amount as {{ type_money() }}) as amount
    from milestones
    left join decisions on {{ same_handoff('milestones', 'decisions') }}
    left join deals on {{ same_handoff('milestones', 'deals') }}

)

select * from outcomes
