-- Do hand-offs with a complete checklist become opportunities more often?
-- Asked by: marketing lead and sales lead, each quarter.
-- How to read: one row per number of checks that passed, the most first. If rates fall from row to row
-- and their intervals are apart, what the checklist asks for is worth waiting for: the profile
-- checklist demands it. Hand-offs that sales began itself are left out; new ones may still convert.
-- dbt show --limit 99 --select opportunities_by_checks
with

handoffs as (

    select * from {{ ref('lead_qualification', 'handoffs') }}
    where not is_begun_by_sales

),

counted as (

    select
        checks_passed,
        count(*) as handoffs_to_answer,
        count(opportunity_at) as handoffs_to_opportunity
    from handoffs
    group by checks_passed

)

select
    checks_passed,
    handoffs_to_answer,
    handoffs_to_opportunity,
    {{ rate_with_interval('handoff_to_opportunity_rate', 'handoffs_to_opportunity', 'handoffs_to_answer') }}
from counted
order by checks_passed desc
