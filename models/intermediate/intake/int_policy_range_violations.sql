{{ config(materialized='ephemeral', tags=['gate']) }}

-- Ranges that must leave no gap and no overlap. Long because each check is a step of its own; none
-- reads another.
{% call per_policy_version() %}
with

score_bands as (

    select * from {{ checked_policy('score_bands') }} as score_bands

),

scoring_models as (

    select * from {{ checked_policy('scoring_models') }} as scoring_models

),

lowest_bands as (

    select
        scoring_model,
        min(min_score) as lowest_min_score
    from score_bands
    group by scoring_model

),

band_gaps as (

    select
        'score_bands' as policy_table,
        'scoring_model=' || scoring_models.scoring_model as row_text,
        'gap in bands: no band for scores from '
        || cast(scoring_models.min_score as {{ dbt.type_string() }})
        || '; begin the lowest band there' as problem
    from scoring_models
    left join lowest_bands on scoring_models.scoring_model = lowest_bands.scoring_model
    where lowest_bands.scoring_model is null or lowest_bands.lowest_min_score > scoring_models.min_score

),

band_overlaps as (

    select
        'score_bands' as policy_table,
        'scoring_model=' || scoring_model || ' min_score=' || cast(min_score as {{ dbt.type_string() }}) as row_text,
        'overlap in bands: two bands begin at the same score' as problem
    from score_bands
    group by scoring_model, min_score
    having count(*) > 1

),

first_steps as (

    select scoring_model
    from {{ checked_policy('recency_curve') }} as recency_curve
    where from_day = 0

),

curve_gaps as (

    select
        'recency_curve' as policy_table,
        'scoring_model=' || scoring_models.scoring_model as row_text,
        'gap in the curve: it has no row with from_day 0' as problem
    from scoring_models
    left join first_steps on scoring_models.scoring_model = first_steps.scoring_model
    where first_steps.scoring_model is null

),

score_levels as (

    select distinct score_level from score_bands

),

missing_matrix_cells as (

    select
        'qualification_matrix' as policy_table,
        'grade=' || grade_scale.grade || ' score_level=' || score_levels.score_level as row_text,
        'missing: {{ policy_file('grade_scale') }} has this grade, so every score level of '
        || '{{ policy_file('score_bands') }} needs a row without a profile' as problem
    from {{ checked_policy('grade_scale') }} as grade_scale
    cross join score_levels
    left join {{ checked_policy('qualification_matrix') }} as matrix
        on
            grade_scale.grade = matrix.grade
            and score_levels.score_level = matrix.score_level
            and matrix.profile is null
    where matrix.grade is null

),

grades_without_floor as (

    select
        'grade_scale' as policy_table,
        'min_criteria_matched=0' as row_text,
        'missing: without it a lead that matches nothing has no grade' as problem
    from (select min(min_criteria_matched) as lowest from {{ checked_policy('grade_scale') }} as grade_scale) as floors
    where lowest <> 0

),

violations as (

    select * from band_gaps
    union all
    select * from band_overlaps
    union all
    select * from curve_gaps
    union all
    select * from missing_matrix_cells
    union all
    select * from grades_without_floor

)

select * from violations
{% endcall %}
