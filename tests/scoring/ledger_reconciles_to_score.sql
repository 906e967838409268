-- The contributions, capped and multiplied, give the score of every lead and model.
with

ledger as (

    select
        lead_id,
        scoring_model,
        sum(case when component = 'fit' then points else 0 end) as fit,
        sum(case when component = 'behaviour' then points else 0 end) as behaviour,
        sum(case when component = 'intent' then points else 0 end) as intent,
        sum(case when component = 'penalty' then points else 0 end) as penalty
    from {{ ref('lead_qualification', 'lead_score_contributions') }}
    group by lead_id, scoring_model

),

recomputed as (

    select
        scores.lead_id,
        scores.scoring_model,
        scores.score,
        coalesce(ledger.behaviour, 0) as behaviour,
        scores.behaviour_points_uncapped,
        coalesce(ledger.intent, 0) as intent,
        scores.intent_points_uncapped,
        {{ capped('coalesce(ledger.fit, 0)', 'models.fit_cap') }} as fit_points,
        {{ capped('coalesce(ledger.behaviour, 0)', 'models.behaviour_cap') }} as behaviour_points,
        {{ capped('coalesce(ledger.intent, 0)', 'models.intent_cap') }} as intent_points,
        coalesce(ledger.penalty, 0) as penalty_points,
        scores.recency_multiplier,
        models.min_score
    from {{ ref('lead_qualification', 'lead_scores') }} as scores
    inner join {{ current_policy('scoring_models') }} as models on scores.scoring_model = models.scoring_model
    left join ledger
        on
            scores.lead_id = ledger.lead_id
            and scores.scoring_model = ledger.scoring_model

)

select *
from recomputed
where
    score <> {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }}
    or behaviour <> behaviour_points_uncapped
    or intent <> intent_points_uncapped
