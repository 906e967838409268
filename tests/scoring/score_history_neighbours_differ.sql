-- Two neighbours of a timeline are never equal in every value.
select
    earlier.lead_id,
    earlier.scoring_model,
    earlier.valid_from
from {{ ref('lead_qualification', 'lead_score_history') }} as earlier
inner join {{ ref('lead_qualification', 'lead_score_history') }} as later
    on
        earlier.lead_id = later.lead_id
        and earlier.scoring_model = later.scoring_model
        and earlier.valid_to = later.valid_from
where
    earlier.fit_points = later.fit_points
    and earlier.behaviour_points = later.behaviour_points
    and earlier.intent_points = later.intent_points
    and earlier.recency_multiplier = later.recency_multiplier
    and earlier.penalty_points = later.penalty_points
    and earlier.score = later.score
    and earlier.score_band = later.score_band
    and earlier.score_level = later.score_level
    and earlier.grade = later.grade
    and earlier.meaningful_signals = later.meaningful_signals
    and earlier.high_intent_signals = later.high_intent_signals
    and earlier.intent_signals = later.intent_signals
