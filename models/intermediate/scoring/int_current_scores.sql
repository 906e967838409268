{{ config(materialized='by_lead') }}

-- The step of the score timeline at as_of, with what the model and the matrix say of it. Long
-- because it brings together all that describes a score at one moment.
with

timeline as (

    select * from {{ rows_of_this_run('int_score_timeline') }}
    where
        valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})

),

lead_models as (

    select * from {{ rows_of_this_run('int_lead_models') }}

),

contributions as (

    select * from {{ rows_of_this_run('int_current_contributions') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}
    {%- if has_history() %}
    where
        valid_from <= {{ as_of() }}
        and valid_to > {{ as_of() }}
    {%- endif %}

),

scoring_models as (

    select * from {{ current_policy('scoring_models') }} as scoring_models

),

matrix as (

    select * from {{ matrix_of_profiles() }} as qualification_matrix
    where {{ is_in_force('qualification_matrix', as_of()) }}

),

uncapped as (

    select
        score_key,
        cast(
            least(sum(case when component = 'behaviour' then points else 0 end), {{ largest_sum_of_points() }}) as integer
        ) as behaviour_points,
        cast(
            least(sum(case when component = 'intent' then points else 0 end), {{ largest_sum_of_points() }}) as integer
        ) as intent_points
    from contributions
    group by score_key

),

current_scores as (

    select
        timeline.lead_id,
        timeline.scoring_model,
        lead_models.is_primary,
        timeline.fit_points,
        timeline.behaviour_points,
        coalesce(uncapped.behaviour_points, 0) as behaviour_points_uncapped,
        timeline.intent_points,
        coalesce(uncapped.intent_points, 0) as intent_points_uncapped,
        timeline.recency_multiplier,
        timeline.penalty_points,
        timeline.score,
        scoring_models.min_score,
        timeline.score_band,
        timeline.score_level,
        timeline.grade,
        fit.criteria_matched,
        fit.criteria_unknown,
        timeline.meaningful_signals,
        timeline.valid_to,
        matrix.stage as recommended_stage,
        matrix.action as recommended_action
    from timeline
    inner join lead_models on timeline.score_key = lead_models.score_key
    inner join fit on timeline.score_key = fit.score_key
    inner join scoring_models on timeline.scoring_model = scoring_models.scoring_model
    -- Each grade and level has a cell. Not an inner join, which engines would make before that of the few rows of as_of.
    left join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level
            {{ and_cell_of_profile('lead_models.profile') }}
    left join uncapped on timeline.score_key = uncapped.score_key

)

select * from current_scores
