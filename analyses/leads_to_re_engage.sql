-- Which recycled leads should we approach again now?
-- Asked by: marketing, each week.
-- How to read: leads whose date has come and whose cooldown is over, the best grade and score first.
-- reason_code is why they came back, nurture_track the program that suits it.
-- dbt show --limit 99 --select leads_to_re_engage
select
    lead_id,
    channel,
    reason_code,
    nurture_track,
    re_engage_on,
    days_until,
    grade,
    adjusted_score,
    last_engagement_at,
    top_contributions
from {{ ref('lead_qualification', 're_engagement_queue') }}
where
    days_until <= 0
    and is_cooldown_over
order by grade asc, adjusted_score desc, lead_id asc
