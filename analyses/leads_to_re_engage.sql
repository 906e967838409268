-- Which recycled leads should we approach again now?
-- Asked by: marketing, each week.
-- How to read: leads whose cooldown is over and whom nobody approached since, as next_best_action has them; the
-- best grade and score first. reason_code is why they came back, nurture_track the program that suits it, blocked_by
-- what keeps marketing from writing.
-- dbt show --limit 99 --select leads_to_re_engage
with

actions as (

    select * from {{ ref('lead_qualification', 'next_best_action') }}
    where re_engage_due and owner = 'marketing'

),

re_engagements as (

    select * from {{ ref('lead_qualification', 'int_re_engagements') }}

),

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

)

select
    actions.lead_id,
    actions.action,
    actions.due_at,
    actions.blocked_by,
    lead_stages.channel,
    re_engagements.reason_code,
    re_engagements.nurture_track,
    re_engagements.cooldown_until,
    scores.grade,
    scores.adjusted_score,
    scores.last_engagement_at,
    actions.why
from actions
inner join re_engagements on actions.lead_id = re_engagements.lead_id
inner join lead_stages on actions.lead_id = lead_stages.lead_id
inner join scores on actions.lead_id = scores.lead_id
order by scores.grade asc, scores.adjusted_score desc, actions.lead_id asc
