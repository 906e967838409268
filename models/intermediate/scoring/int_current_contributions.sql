{{ config(materialized='view') }}

-- The contributions of signals that count at as_of: of behaviour and intent only while awake.
with

contributions as (

    select * from {{ ref('lead_qualification', 'int_score_contributions') }}
    where
        starts_at <= {{ as_of() }}
        and (ends_at is null or ends_at > {{ as_of() }})

),

lead_models as (

    select * from {{ ref('lead_qualification', 'int_lead_models') }}

),

episodes as (

    select * from {{ ref('lead_qualification', 'int_engagement_episodes') }}
    where
        starts_at <= {{ as_of() }}
        and ends_at > {{ as_of() }}

),

current_contributions as (

    select
        contributions.lead_id,
        contributions.scoring_model,
        contributions.score_key,
        contributions.component,
        contributions.signal,
        contributions.source,
        contributions.record_id,
        contributions.points,
        contributions.occurred_at,
        contributions.starts_at,
        contributions.ends_at
    from contributions
    inner join lead_models on contributions.score_key = lead_models.score_key
    left join episodes
        on
            lead_models.lead_id = episodes.lead_id
            and lead_models.dormancy_days = episodes.dormancy_days
    where
        contributions.component = 'penalty'
        or lead_models.dormancy_days is null
        or episodes.lead_id is not null

)

select * from current_contributions
