-- Where do leads get stuck?
-- Asked by: revenue operations, each month.
-- How to read: stages that a timer ends, those in which most leads wait first. A median or a p90 at
-- max_days means that leads leave by the timer and not by somebody's work. due_this_week is how many
-- the timer takes away within 7 days if nobody acts; who they are is in stage_ageing.
-- dbt show --limit 99 --select stuck_leads
with

waiting as (

    select
        stage,
        cast(count(case when days_left < 7 then 1 end) as integer) as due_this_week,
        cast(max(days_in_stage) as integer) as longest_days
    from {{ ref('lead_qualification', 'stage_ageing') }}
    group by stage

),

durations as (

    select * from {{ ref('lead_qualification', 'stage_durations') }}
    where
        channel = 'all'
        and max_days is not null

)

select
    durations.stage,
    durations.running_stays as waiting_leads,
    coalesce(waiting.due_this_week, 0) as due_this_week,
    waiting.longest_days,
    durations.completed_stays,
    durations.median_days,
    durations.p90_days,
    durations.max_days,
    durations.typical_days_high,
    durations.verdict
from durations
left join waiting on durations.stage = waiting.stage
order by durations.running_stays desc, durations.stage asc
