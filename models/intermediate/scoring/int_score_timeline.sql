{{ config(materialized='by_lead') }}

-- The score as a step function: one row per lead, model and instant of change. Long because one
-- sort of all changes must do: it is the largest of the project.
with

changes as (

    select * from {{ ref('lead_qualification', 'int_score_changes') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

running as (

    select
        lead_id,
        scoring_model,
        changed_at,
        row_number() over (partition by lead_id, scoring_model order by changed_at) as row_in_pair,
        lead(changed_at) over (partition by lead_id, scoring_model order by changed_at) as next_changed_at,
        {{ each_score_change('%', prefix='change_of_') }},
        {{ each_score_change('sum(%) over (partition by lead_id, scoring_model order by changed_at rows unbounded preceding)') }}
    from changes

),

-- While dormant, nothing that a person or an account did counts.
awake as (

    select
        running.lead_id,
        running.scoring_model,
        running.changed_at,
        running.next_changed_at,
        running.row_in_pair,
        fit.fit_points,
        fit.grade,
        fit.grade_rank,
        scoring_models.behaviour_cap,
        scoring_models.intent_cap,
        scoring_models.min_score,
        {{ while_awake('behaviour') }},
        {{ while_awake('intent') }},
        {{ while_awake('meaningful_signals') }},
        {{ while_awake('high_intent_signals') }},
        {{ while_awake('intent_signals') }},
        cast(running.recency_multiplier as decimal(18, 4)) as recency_multiplier,
        cast(running.penalty + fit.fit_penalty_points as decimal(18, 4)) as penalty_points,
        running.change_of_recency_multiplier <> 0 or running.change_of_penalty <> 0 as is_other_factor
    from running
    inner join fit on {{ same_score('running', 'fit') }}
    inner join {{ policy('scoring_models') }} as scoring_models on running.scoring_model = scoring_models.scoring_model

),

components as (

    select
        lead_id,
        scoring_model,
        changed_at as valid_from,
        next_changed_at as valid_to,
        fit_points,
        behaviour as behaviour_points_uncapped,
        {{ capped('behaviour', 'behaviour_cap') }} as behaviour_points,
        intent as intent_points_uncapped,
        {{ capped('intent', 'intent_cap') }} as intent_points,
        recency_multiplier,
        penalty_points,
        min_score,
        grade,
        grade_rank,
        meaningful_signals,
        high_intent_signals,
        intent_signals,
        row_in_pair = 1
        or is_other_factor
        or {{ capped('behaviour', 'behaviour_cap') }} <> {{ capped('previous_behaviour', 'behaviour_cap') }}
        or {{ capped('intent', 'intent_cap') }} <> {{ capped('previous_intent', 'intent_cap') }}
        or meaningful_signals <> previous_meaningful_signals
        or high_intent_signals <> previous_high_intent_signals
        or intent_signals <> previous_intent_signals as is_change
    from awake

),

scored as (

    select
        *,
        {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }} as score
    from components

),

bands as (

    select
        scoring_model,
        score_band,
        score_level,
        min_score,
        lead(min_score) over (partition by scoring_model order by min_score) as below_score
    from {{ policy('score_bands') }}

),

timeline as (

    select
        scored.lead_id,
        scored.scoring_model,
        scored.valid_from,
        scored.valid_to,
        scored.fit_points,
        scored.behaviour_points,
        scored.behaviour_points_uncapped,
        scored.intent_points,
        scored.intent_points_uncapped,
        scored.recency_multiplier,
        scored.penalty_points,
        scored.score,
        bands.score_band,
        bands.score_level,
        scored.grade,
        scored.grade_rank,
        scored.meaningful_signals,
        scored.high_intent_signals,
        scored.intent_signals,
        scored.is_change
    from scored
    inner join bands
        on
            scored.scoring_model = bands.scoring_model
            and scored.score >= bands.min_score
            and (scored.score < bands.below_score or bands.below_score is null)

)

select * from timeline
