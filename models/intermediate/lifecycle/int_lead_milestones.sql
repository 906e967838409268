{{ config(materialized='by_lead') }}

-- When a lead first reached MQL, PQL and each rank of the funnel that has a milestone.
with

history as (

    select * from {{ rows_of_this_run('lead_stage_history') }}

),

stages as (

    select * from {{ policy('stages') }}

),

ranks as (

    select
        {{ rank_of_role('proposed') }} as proposed_rank,
        {{ rank_of_role('accepted') }} as accepted_rank,
        {{ rank_of_role('qualified') }} as qualified_rank,
        {{ rank_of_role('opportunity') }} as opportunity_rank,
        {{ rank_of_role('customer') }} as customer_rank

),

ranked as (

    select
        history.lead_id,
        history.stage_number,
        stages.role,
        history.entered_at,
        history.is_regression,
        stages.funnel_rank,
        max(stages.funnel_rank) over (
            partition by history.lead_id
            order by history.stage_number
            rows between unbounded preceding and current row
        ) as highest_rank_so_far
    from history
    inner join stages on history.stage = stages.stage

),

milestones as (

    select
        ranked.lead_id,
        min(case
            when ranked.role = 'mql' and not ranked.is_regression and ranked.highest_rank_so_far < ranks.proposed_rank
                then ranked.entered_at
        end) as mql_at,
        min(case
            when ranked.role = 'pql' and not ranked.is_regression and ranked.highest_rank_so_far < ranks.proposed_rank
                then ranked.entered_at
        end) as pql_at,
        min(case when ranked.funnel_rank >= ranks.proposed_rank then ranked.entered_at end) as sql_proposed_at,
        min(case when ranked.funnel_rank >= ranks.accepted_rank then ranked.entered_at end) as sql_accepted_at,
        min(case when ranked.funnel_rank >= ranks.qualified_rank then ranked.entered_at end) as sql_qualified_at,
        min(case when ranked.funnel_rank >= ranks.opportunity_rank then ranked.entered_at end) as opportunity_at,
        min(case when ranked.funnel_rank >= ranks.customer_rank then ranked.entered_at end) as customer_at
    from ranked
    cross join ranks
    group by ranked.lead_id

)

select * from milestones
