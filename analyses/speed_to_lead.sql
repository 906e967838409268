-- Are we fast enough, and what is speed worth?
-- Asked by: sales lead, each week.
-- How to read: one row per class of elapsed response time, the fastest first; share is of all
-- hand-offs. If rates fall from row to row and their intervals are apart, speed pays. The row none has
-- the hand-offs without a response. Leads that ask for a demo get an answer sooner and convert more
-- often anyway: a difference is not all due to speed.
-- dbt show --limit 99 --select speed_to_lead
with

buckets as (

    select * from {{ ref('lead_qualification', 'sla_performance') }}
    where
        week_start is null
        and sla_policy = 'all'
        and rep_id = 'all'

),

classes as (

    select * from {{ policy('response_buckets') }}

),

totals as (

    select handoffs from buckets
    where response_bucket = 'all'

)

select
    buckets.response_bucket,
    buckets.handoffs as handoffs_to_answer,
    {{ ratio('buckets.handoffs', 'totals.handoffs') }} as handoff_share,
    buckets.met_rate as sla_met_rate,
    buckets.accepted_rate as acceptance_rate,
    buckets.opportunities as handoffs_to_opportunity,
    buckets.opportunity_rate as handoff_to_opportunity_rate,
    buckets.opportunity_low as handoff_to_opportunity_low,
    buckets.opportunity_high as handoff_to_opportunity_high
from buckets
cross join totals
left join classes on buckets.response_bucket = classes.response_bucket
where buckets.response_bucket <> 'all'
order by
    case when classes.from_minutes is null then 1 else 0 end,
    classes.from_minutes
