{{ config(materialized='view') }}

-- What the leads of each account add up to.
with

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}
    where account_id is not null

),

signals as (

    select * from {{ ref('lead_qualification', 'int_lead_signals') }}
    where is_engagement or is_meaningful

),

settings as (

    select cast({{ lifecycle_setting('account_window_days') }} as integer) as window_days

),

lead_signals as (

    select
        signals.lead_id,
        max(case when signals.is_engagement then signals.occurred_at end) as last_engagement_at,
        count(
            case when signals.is_meaningful and signals.occurred_at > {{ add_days(as_of(), '-settings.window_days') }} then 1 end
        ) as meaningful_signals
    from signals
    cross join settings
    group by signals.lead_id

),

behaviour as (

    select
        scores.lead_id,
        scores.behaviour_points
    from {{ ref('lead_qualification', 'lead_scores') }} as scores
    inner join {{ ref('lead_qualification', 'int_account_model') }} as account_model on scores.scoring_model = account_model.scoring_model

),

account_leads as (

    select
        lead_stages.account_id,
        cast(count(*) as integer) as leads,
        cast(count(
            case when lead_signals.last_engagement_at > {{ add_days(as_of(), '-settings.window_days') }} then 1 end
        ) as integer) as engaged_leads_90d,
        cast(coalesce(sum(lead_signals.meaningful_signals), 0) as integer) as meaningful_signals_90d,
        cast(coalesce(max(behaviour.behaviour_points), 0) as integer) as top_lead_behaviour_points,
        max(lead_signals.last_engagement_at) as last_engagement_at
    from lead_stages
    cross join settings
    left join lead_signals on lead_stages.lead_id = lead_signals.lead_id
    left join behaviour on lead_stages.lead_id = behaviour.lead_id
    group by lead_stages.account_id

)

select * from account_leads
