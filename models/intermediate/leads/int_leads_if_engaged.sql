-- What the main score of each lead would be made of if it engaged at as_of, before the signal itself. Leads of which
-- all of that is the same share an example, so that a signal is counted for one of them only. Long because scores,
-- points alive, penalties and what a lead did lately each have a source of their own.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_current_scores') }}
    where is_primary

),

lead_models as (

    select * from {{ ref('lead_qualification', 'int_lead_models') }}
    where is_primary

),

points_if_awake as (

    select
        lead_id,
        scoring_model,
        sum(behaviour_points) as behaviour_points,
        sum(intent_points) as intent_points,
        max(case when cleared_by is not null then 1 else 0 end) as is_clearable
    from {{ ref('lead_qualification', 'int_points_if_awake') }}
    group by lead_id, scoring_model

),

-- Those of the ledger, but for the curve's own.
penalties as (

    select
        lead_id,
        scoring_model,
        sum(points) as points
    from {{ ref('lead_qualification', 'lead_score_contributions') }}
    where
        component = 'penalty'
        and source <> 'recency_curve'
    group by lead_id, scoring_model

),

recent_signals as (

    {{ signals_of_the_last_day() }}

),

engaged_lately as (

    select distinct score_key from recent_signals

),

leads_now as (

    select
        scores.lead_id,
        scores.scoring_model,
        lead_models.score_key,
        scores.score,
        scores.fit_points,
        cast(coalesce(points_if_awake.behaviour_points, 0) as bigint) as behaviour_points,
        cast(coalesce(points_if_awake.intent_points, 0) as bigint) as intent_points,
        cast(coalesce(penalties.points, 0) as decimal(18, 4)) as penalty_points,
        engaged_lately.score_key is not null or coalesce(points_if_awake.is_clearable, 0) = 1 as is_special
    from scores
    inner join lead_models on {{ same_score('scores', 'lead_models') }}
    left join points_if_awake on {{ same_score('scores', 'points_if_awake') }}
    left join penalties on {{ same_score('scores', 'penalties') }}
    left join engaged_lately on lead_models.score_key = engaged_lately.score_key

),

-- A special lead is alike to none but itself.
with_example as (

    select
        *,
        min(lead_id) over (
            partition by
                scoring_model, score, fit_points, behaviour_points, intent_points, penalty_points,
                case when is_special then lead_id end
        ) as example_lead_id
    from leads_now

)

select * from with_example
