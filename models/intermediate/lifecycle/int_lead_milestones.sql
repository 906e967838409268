-- When a lead first reached MQL, PQL and each rank of the funnel.
with

history as (

    select * from {{ ref('lead_qualification', 'lead_stage_history') }}

),

stages as (

    select * from {{ policy('stages') }}

),

ranked as (

    select
        history.lead_id,
        history.stage_number,
        history.stage,
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
        lead_id,
        min(case when stage = 'mql' and not is_regression and highest_rank_so_far < 2 then entered_at end) as mql_at,
        min(case when stage = 'pql' and not is_regression and highest_rank_so_far < 2 then entered_at end) as pql_at,
        min(case when funnel_rank >= 2 then entered_at end) as sql_proposed_at,
        min(case when funnel_rank >= 3 then entered_at end) as sql_accepted_at,
        min(case when funnel_rank >= 4 then entered_at end) as sql_qualified_at,
        min(case when funnel_rank >= 5 then entered_at end) as opportunity_at,
        min(case when funnel_rank >= 6 then entered_at end) as customer_at
    from ranked
    group by lead_id

)

select * from milestones
