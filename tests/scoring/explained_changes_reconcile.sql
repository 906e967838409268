-- The parts of a change need no remainder but what a cap or the minimum score of the model explains, and what
-- they leave to the recency curve is what the curve says.
with

parts as (

    select * from {{ ref('lead_qualification', 'int_step_parts') }}

),

steps as (

    select * from {{ ref('lead_qualification', 'int_explained_steps') }}

),

models as (

    select
        scoring_model,
        max(case when fit_cap is null then 1 else 0 end) as has_no_fit_cap,
        max(case when behaviour_cap is null then 1 else 0 end) as has_no_behaviour_cap,
        max(case when intent_cap is null then 1 else 0 end) as has_no_intent_cap,
        max(min_score) as highest_minimum
    from {{ policy('scoring_models') }}
    group by scoring_model

),

curve as (

    select
        score_key,
        starts_at,
        ends_at,
        penalty_points
    from {{ ref('lead_qualification', 'int_recency_steps') }}
    where penalty_points <> 0

)

select
    parts.lead_id,
    parts.valid_from
from parts
inner join steps
    on
        parts.score_key = steps.score_key
        and parts.valid_from = steps.valid_from
inner join models on parts.scoring_model = models.scoring_model
left join curve
    on
        parts.score_key = curve.score_key
        and parts.valid_from >= curve.starts_at
        and (curve.ends_at is null or parts.valid_from < curve.ends_at)
where
    parts.inactivity_now <> coalesce(curve.penalty_points, 0)
    or (parts.from_minimum <> 0 and parts.score_from > models.highest_minimum and parts.score_to > models.highest_minimum)
    or (
        parts.fit_cap_change <> 0
        and models.has_no_fit_cap = 1
        and steps.fit_points < {{ largest_sum_of_points() }}
        and steps.previous_fit_points < {{ largest_sum_of_points() }}
    )
    or (
        parts.behaviour_cap_change <> 0
        and models.has_no_behaviour_cap = 1
        and steps.behaviour_points < {{ largest_sum_of_points() }}
        and steps.previous_behaviour_points < {{ largest_sum_of_points() }}
    )
    or (
        parts.intent_cap_change <> 0
        and models.has_no_intent_cap = 1
        and steps.intent_points < {{ largest_sum_of_points() }}
        and steps.previous_intent_points < {{ largest_sum_of_points() }}
    )
