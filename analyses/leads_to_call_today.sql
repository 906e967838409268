-- Whom should sales call today?
-- Asked by: each rep, each morning.
-- How to read: the leads whose next best action is an outreach by sales or sales development that nothing
-- holds back; the ones that are still in time come first, by when they are due, then the late ones, the best
-- score first. why says what to talk about. rep_id is the rep who has the lead, or whose turn it is.
-- dbt show --limit 99 --select leads_to_call_today
with

actions as (

    select * from {{ ref('lead_qualification', 'next_best_action') }}
    where
        owner in ('sdr', 'sales')
        and is_outreach
        and blocked_by is null

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

)

select
    actions.lead_id,
    actions.action,
    actions.owner,
    actions.rep_id,
    actions.due_at,
    actions.reason,
    scores.adjusted_score,
    scores.grade,
    actions.why
from actions
inner join scores on actions.lead_id = scores.lead_id
order by
    case when actions.due_at < actions.as_of then 1 else 0 end asc,
    case when actions.due_at >= actions.as_of then actions.due_at end asc,
    scores.adjusted_score desc,
    actions.lead_id asc
