{{ config(materialized='ephemeral', tags=['gate']) }}

-- Ranges that must leave no gap and no overlap, and numbers that contradict each other.
with

score_bands as (

    select * from {{ policy('score_bands') }}

),

scoring_models as (

    select * from {{ policy('scoring_models') }}

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
    from {{ policy('recency_curve') }}
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

missing_matrix_cells as (

    select
        'qualification_matrix' as policy_table,
        'grade=' || grade_scale.grade || ' score_level=' || levels.score_level as row_text,
        'missing: {{ policy_file('grade_scale') }} has this grade, so every score level of {{ policy_file('score_bands') }} needs a row' as problem
    from {{ policy('grade_scale') }} as grade_scale
    cross join (select distinct score_level from score_bands) as levels
    left join {{ policy('qualification_matrix') }} as matrix
        on
            grade_scale.grade = matrix.grade
            and levels.score_level = matrix.score_level
    where matrix.grade is null

),

grades_without_floor as (

    select
        'grade_scale' as policy_table,
        'min_criteria_matched=0' as row_text,
        'missing: without it a lead that matches nothing has no grade' as problem
    from (select min(min_criteria_matched) as lowest from {{ policy('grade_scale') }}) as floors
    where lowest <> 0

),

inactive_primaries as (

    select
        'model_assignment' as policy_table,
        'rule_order=' || cast(assignments.rule_order as {{ dbt.type_string() }}) as row_text,
        'scoring model ' || assignments.scoring_model
        || ' is not active; set is_active to true in {{ policy_file('scoring_models') }} or assign another' as problem
    from {{ policy('model_assignment') }} as assignments
    inner join scoring_models on assignments.scoring_model = scoring_models.scoring_model
    where not scoring_models.is_active

),

motions as (

    {{ rows_of_names(motions(), 'motion') }}

),

assigned_motions as (

    select distinct motions.motion
    from motions
    inner join {{ policy('model_assignment') }} as assignments
        on assignments.motion is null or motions.motion = assignments.motion

),

unassigned_motions as (

    select
        'model_assignment' as policy_table,
        'motion=' || motions.motion as row_text,
        'missing: leads of this motion get no scoring model' as problem
    from motions
    left join assigned_motions on motions.motion = assigned_motions.motion
    where assigned_motions.motion is null

),

mixed_criteria as (

    select
        'fit_rules' as policy_table,
        'scoring_model=' || scoring_model || ' criterion=' || criterion as row_text,
        'the rules of one criterion look at different attributes; give each attribute its own criterion' as problem
    from {{ policy('fit_rules') }}
    group by scoring_model, criterion
    having count(distinct attribute) > 1

),

unreadable_ranges as (

    {{ policy_rows_where(
        'fit_rules', ['scoring_model', 'criterion', 'rule_order'],
        "match_type = 'between' and not coalesce(" ~ regexp_like('match_values', '^[0-9]{1,9}[|][0-9]{1,9}$') ~ ", false)",
        "'between needs two whole numbers with a bar between them, such as 50|1000'"
    ) }}

),

profiles_with_framework as (

    select distinct profiles.profile
    from {{ policy('qualification_profiles') }} as profiles
    inner join {{ policy('frameworks') }} as frameworks
        on {{ is_listed('frameworks.framework', 'profiles.qualifying_frameworks') }}

),

unknown_frameworks as (

    select
        'qualification_profiles' as policy_table,
        'profile=' || profiles.profile as row_text,
        'qualifying_frameworks names none of {{ policy_file('frameworks') }}' as problem
    from {{ policy('qualification_profiles') }} as profiles
    left join profiles_with_framework on profiles.profile = profiles_with_framework.profile
    where
        profiles.qualifying_frameworks is not null
        and profiles_with_framework.profile is null

),

upside_down_benchmarks as (

    {{ policy_rows_where('benchmarks', ['benchmark_id'], 'low > high', "'low is above high'") }}

),

timers_without_time as (

    {{ policy_rows_where(
        'stage_timers', ['stage', 'timer_event'], 'after_days is null or after_days <= 0',
        "'after_days must be 1 or more'"
    ) }}

),

regressions_out_of_range as (

    {{ policy_rows_where(
        'lifecycle_settings', ['setting'],
        "setting = 'max_regressions' and (value < 1 or value > 50 or value <> floor(value))",
        "'max_regressions must be a whole number from 1 to 50'"
    ) }}

),

wrong_definition_ranks as (

    {{ policy_rows_where(
        'lifecycle_settings', ['setting'],
        "setting = 'sql_definition_rank' and value not in ("
        ~ rank_of_role('proposed') ~ ', ' ~ rank_of_role('accepted') ~ ', ' ~ rank_of_role('qualified') ~ ')',
        "'sql_definition_rank must be the funnel_rank of the stage with the role proposed, accepted or qualified'"
    ) }}

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
    union all
    select * from inactive_primaries
    union all
    select * from unassigned_motions
    union all
    select * from mixed_criteria
    union all
    select * from unreadable_ranges
    union all
    select * from unknown_frameworks
    union all
    select * from upside_down_benchmarks
    union all
    select * from timers_without_time
    union all
    select * from regressions_out_of_range
    union all
    select * from wrong_definition_ranks

)

select * from violations
