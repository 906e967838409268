{%- set values = [
    'fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'score',
    'score_band', 'score_level', 'grade', 'meaningful_signals', 'high_intent_signals', 'intent_signals'
] -%}
-- Two neighbours of a timeline are never equal in every value.
select earlier.*
from {{ ref('lead_score_history') }} as earlier
inner join {{ ref('lead_score_history') }} as later
    on
        earlier.lead_id = later.lead_id
        and earlier.scoring_model = later.scoring_model
        and earlier.valid_to = later.valid_from
where
    {%- for value in values %}
    {{ 'and ' if not loop.first }}earlier.{{ value }} = later.{{ value }}
    {%- endfor %}
