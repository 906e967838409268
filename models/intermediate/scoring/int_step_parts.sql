-- The parts of each step of a score in points; they add up to the change. Long because caps, multiplier, curve and
-- floor each take their part.
with

steps as (

    select * from {{ ref('lead_qualification', 'int_explained_steps') }}

),

entries as (

    select * from {{ ref('lead_qualification', 'int_step_entries') }}

),

summed as (

    select
        score_key,
        valid_from,
        {%- for component in ('fit', 'behaviour', 'intent') %}
        sum(case when component = '{{ component }}' then points * (counts_now - counted_before) else 0 end) as {{ component }},
        {%- endfor %}
        sum(case when component = 'penalty' then points * counted_before else 0 end) as penalty_before,
        sum(case when component = 'penalty' then points * counts_now else 0 end) as penalty_now
    from entries
    group by score_key, valid_from

),

differences as (

    select
        steps.lead_id,
        steps.scoring_model,
        steps.score_key,
        steps.valid_from,
        steps.previous_score as score_from,
        steps.score as score_to,
        cast(steps.score - steps.previous_score as decimal(18, 4)) as score_change,
        {%- for component in ('fit', 'behaviour', 'intent') %}
        steps.{{ component }}_points - steps.previous_{{ component }}_points as {{ component }}_change,
        steps.{{ component }}_points - steps.previous_{{ component }}_points - coalesce(summed.{{ component }}, 0)
            as {{ component }}_cap_change,
        {%- endfor %}
        steps.previous_fit_points + steps.previous_behaviour_points + steps.previous_intent_points as points_before,
        steps.previous_recency_multiplier as multiplier_before,
        steps.recency_multiplier as multiplier_now,
        cast(steps.previous_penalty_points - coalesce(summed.penalty_before, 0) as decimal(18, 4)) as inactivity_before,
        cast(steps.penalty_points - coalesce(summed.penalty_now, 0) as decimal(18, 4)) as inactivity_now,
        cast(steps.penalty_points - steps.previous_penalty_points as decimal(18, 4)) as penalty_change
    from steps
    left join summed
        on
            steps.score_key = summed.score_key
            and steps.valid_from = summed.valid_from

),

multiplied as (

    select
        *,
        fit_change + behaviour_change + intent_change as points_change,
        {{ points_times_multiplier('fit_change + behaviour_change + intent_change', 'multiplier_now') }} as from_points,
        {{ points_times_multiplier('points_before', 'multiplier_now - multiplier_before') }} as from_multiplier
    from differences

),

parts as (

    select
        *,
        cast(score_change - from_points - from_multiplier - penalty_change as decimal(18, 4)) as from_minimum
    from multiplied

)

select * from parts
