-- Which accounts are in the market, and who of the buying committee do we know?
-- Asked by: account-based marketing and outbound sales, each week.
-- How to read: accounts whose third-party research of the last 90 days reaches
-- in_market_intent_points. First those that nobody there has engaged with us (outbound_trigger): call
-- them. Then the highest score. Few buying_roles_covered means that we talk to one person.
-- dbt show --limit 99 --select accounts_in_market
select
    account_id,
    name,
    is_target_account,
    outbound_trigger,
    account_stage,
    account_score,
    third_party_intent_points,
    last_intent_at,
    engaged_leads_90d,
    buying_roles_covered,
    buying_roles
from {{ ref('lead_qualification', 'account_engagement') }}
where is_in_market
order by outbound_trigger desc, account_score desc, account_id asc
