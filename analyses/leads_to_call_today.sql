-- Whom should sales call today?
-- Asked by: each rep, each morning.
-- How to read: hand-offs that are open and that nobody has answered; the ones that are still in time
-- come first, by when they are due, then the late ones, the best score first. top_contributions says
-- what to talk about. A rep who is only recommended has not been assigned yet.
-- dbt show --limit 99 --select leads_to_call_today
with

waiting as (

    select * from {{ ref('lead_qualification', 'handoffs') }}
    where
        is_open
        and first_response_at is null
        and not is_begun_by_sales

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

)

select
    waiting.lead_id,
    waiting.assigned_rep_id,
    waiting.recommended_rep_id,
    waiting.handed_off_at,
    waiting.trigger_signal,
    waiting.sla_due_at,
    waiting.sla_status,
    scores.adjusted_score,
    scores.grade,
    scores.top_contributions
from waiting
inner join scores on waiting.lead_id = scores.lead_id
order by
    case when waiting.sla_status = 'breached' then 1 else 0 end asc,
    case when waiting.sla_status <> 'breached' then waiting.sla_due_at end asc,
    scores.adjusted_score desc,
    waiting.lead_id asc
