-- Opening balance + entries - exits = closing balance, per stage and month, where the balances
-- are counted by who is in the stage at the turn of the month.
with

history as (

    select * from {{ ref('lead_stage_history') }}

),

months as (

    select distinct {{ dbt.date_trunc('month', 'entered_at') }} as month_start
    from history

),

bounded as (

    select
        cast(month_start as timestamp) as month_start,
        cast({{ dbt.dateadd('month', 1, 'month_start') }} as timestamp) as month_end
    from months

),

counted as (

    select
        bounded.month_start,
        history.stage,
        count(case when history.entered_at < bounded.month_start and (history.exited_at is null or history.exited_at >= bounded.month_start) then 1 end) as opening,
        count(case when history.entered_at >= bounded.month_start and history.entered_at < bounded.month_end then 1 end) as entries,
        count(case when history.exited_at >= bounded.month_start and history.exited_at < bounded.month_end then 1 end) as exits,
        count(case when history.entered_at < bounded.month_end and (history.exited_at is null or history.exited_at >= bounded.month_end) then 1 end) as closing
    from history
    cross join bounded
    group by bounded.month_start, history.stage

)

select *
from counted
where opening + entries - exits <> closing
