-- Stays in stages follow each other without gap or overlap; exactly one per lead is open.
with

history as (

    select
        lead_id,
        stage_number,
        entered_at,
        exited_at,
        lag(exited_at) over (
            partition by lead_id
            order by stage_number
        ) as previous_exited_at,
        lag(stage_number) over (
            partition by lead_id
            order by stage_number
        ) as previous_stage_number,
        count(case when exited_at is null then 1 end) over (partition by lead_id) as open_stays
    from {{ ref('lead_qualification', 'lead_stage_history') }}

)

select *
from history
where
    open_stays <> 1
    or stage_number <> coalesce(previous_stage_number, 0) + 1
    or (stage_number > 1 and (previous_exited_at is null or previous_exited_at <> entered_at))
