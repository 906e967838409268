-- How far each account has come. Long by its columns: parts, then what they add up to.
with

accounts as (

    select * from {{ ref('lead_qualification', 'int_current_accounts') }}

),

account_leads as (

    select * from {{ ref('lead_qualification', 'int_account_leads') }}

),

fit as (

    select * from {{ ref('lead_qualification', 'int_account_fit') }}

),

intent as (

    select * from {{ ref('lead_qualification', 'int_account_intent') }}

),

roles as (

    select
        account_id,
        {{ joined_texts('buying_role', ', ', bytewise('buying_role')) }} as buying_roles,
        cast(count(*) as integer) as buying_roles_covered
    from (
        select distinct
            account_id,
            buying_role
        from {{ ref('lead_qualification', 'int_buying_roles') }}
    ) as distinct_roles
    group by account_id

),

account_model as (

    select * from {{ ref('lead_qualification', 'int_account_model') }}

),

stages as (

    select * from {{ ref('lead_qualification', 'account_stage_history') }}
    where exited_at is null

),

settings as (

    select
        {{ lifecycle_setting('account_breadth_points') }} as breadth_points,
        {{ lifecycle_setting('account_breadth_cap') }} as breadth_cap,
        {{ lifecycle_setting('account_score_cap') }} as score_cap,
        {{ lifecycle_setting('in_market_intent_points') }} as in_market_points

),

parts as (

    select
        accounts.account_id,
        accounts.name,
        coalesce(accounts.is_target_account, false) as is_target_account,
        coalesce(account_leads.leads, 0) as leads,
        coalesce(account_leads.engaged_leads_90d, 0) as engaged_leads_90d,
        coalesce(account_leads.meaningful_signals_90d, 0) as meaningful_signals_90d,
        roles.buying_roles,
        coalesce(roles.buying_roles_covered, 0) as buying_roles_covered,
        coalesce(fit.account_fit_points, 0) as account_fit_points,
        coalesce(account_leads.top_lead_behaviour_points, 0) as top_lead_behaviour_points,
        coalesce(intent.third_party_intent_points, 0) as third_party_intent_points,
        cast(
            least(settings.breadth_cap, greatest(0, settings.breadth_points * (coalesce(account_leads.engaged_leads_90d, 0) - 1)))
            as integer
        ) as breadth_points,
        settings.score_cap,
        settings.in_market_points,
        account_leads.last_engagement_at,
        intent.last_intent_at
    from accounts
    cross join settings
    left join account_leads on accounts.account_id = account_leads.account_id
    left join fit on accounts.account_id = fit.account_id
    left join intent on accounts.account_id = intent.account_id
    left join roles on accounts.account_id = roles.account_id

),

engagement as (

    select
        parts.account_id,
        parts.name,
        parts.is_target_account,
        parts.leads,
        parts.engaged_leads_90d,
        parts.meaningful_signals_90d,
        parts.buying_roles,
        parts.buying_roles_covered,
        parts.account_fit_points,
        parts.top_lead_behaviour_points,
        parts.third_party_intent_points,
        parts.breadth_points,
        cast(greatest(0, least(
            parts.score_cap,
            parts.account_fit_points + parts.top_lead_behaviour_points
            + {{ capped('parts.third_party_intent_points', 'account_model.intent_cap') }} + parts.breadth_points
        )) as integer) as account_score,
        stages.stage as account_stage,
        parts.third_party_intent_points >= parts.in_market_points as is_in_market,
        parts.third_party_intent_points >= parts.in_market_points and parts.engaged_leads_90d = 0 as outbound_trigger,
        parts.last_engagement_at,
        parts.last_intent_at,
        {{ as_of() }} as as_of
    from parts
    cross join account_model
    left join stages on parts.account_id = stages.account_id

)

select * from engagement
