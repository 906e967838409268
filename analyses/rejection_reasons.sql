-- Why does sales reject what marketing sends?
-- Asked by: marketing lead and sales lead, each month.
-- How to read: one row per channel and reason, the most frequent reason first. share is of all
-- rejections of the channel; rate is of its hand-offs with a decision. wrong_icp and wrong_title point
-- to the fit rules, no_budget and no_need to the bar, bad_data to the forms; unknown is a rejection
-- without a reason. Which scoring rules bring the rejected leads is in rejection_drivers.
-- dbt show --limit 99 --select rejection_reasons
with

rejections as (

    select * from {{ ref('lead_qualification', 'rejections') }}
    where handed_off_month is null

),

channels as (

    select
        channel,
        rejected,
        verdict
    from rejections
    where reason_code = 'all'

)

select
    rejections.channel,
    rejections.reason_code,
    rejections.rejected as handoffs_rejected,
    {{ ratio('rejections.rejected', 'channels.rejected') }} as rejection_share,
    rejections.dispositions as handoffs_decided,
    rejections.rejection_rate,
    channels.verdict as channel_verdict
from rejections
inner join channels on rejections.channel = channels.channel
where rejections.reason_code <> 'all'
order by
    case when rejections.channel = 'all' then 0 else 1 end asc,
    rejections.channel asc,
    rejections.rejected desc,
    rejections.reason_code asc
