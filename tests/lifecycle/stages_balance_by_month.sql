-- Opening balance + entries - exits = closing balance, per stage and month, where the balances
-- are counted by who is in the stage at the turn of the month.
with

history as (

    select * from {{ ref('lead_qualification', 'lead_stage_history') }}

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

placed as (

    select
        bounded.month_start,
        history.stage,
        history.entered_at < bounded.month_start as entered_before,
        history.entered_at < bounded.month_end as entered_by_end,
        coalesce(history.exited_at < bounded.month_start, false) as exited_before,
        coalesce(history.exited_at < bounded.month_end, false) as exited_by_end
    from history
    cross join bounded

),

counted as (

    select
        month_start,
        stage,
        count(case when entered_before and not exited_before then 1 end) as opening,
        count(case when entered_by_end and not entered_before then 1 end) as entries,
        count(case when exited_by_end and not exited_before then 1 end) as exits,
        count(case when entered_by_end and not exited_by_end then 1 end) as closing
    from placed
    group by month_start, stage

)

select *
from counted
where opening + entries - exits <> closing
