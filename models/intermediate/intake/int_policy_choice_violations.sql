{{ config(materialized='ephemeral', tags=['gate']) }}

-- Choices in the policy tables that nothing can be made of. Long because each check is a step of
-- its own; none reads another.
{% call per_policy_version() %}
with

inactive_primaries as (

    select
        'model_assignment' as policy_table,
        'track=' || coalesce(assignments.track, '(empty)') || ' rule_order=' || cast(assignments.rule_order as {{ dbt.type_string() }}) as row_text,
        'scoring model ' || assignments.scoring_model
        || ' is not active; set is_active to true in {{ policy_file('scoring_models') }} or assign another' as problem
    from {{ checked_policy('model_assignment') }} as assignments
    inner join {{ checked_policy('scoring_models') }} as scoring_models on assignments.scoring_model = scoring_models.scoring_model
    where not scoring_models.is_active

),

motions as (

    {{ rows_of_names(motions(), 'motion') }}

),

assigned_motions as (

    select distinct motions.motion
    from motions
    inner join {{ checked_policy('model_assignment') }} as assignments
        on
            {{ meets_condition('motions.motion', 'assignments.motion') }}
            and {{ track_of('assignments') }} = 'main'
            and {{ asks_for_motion_alone('assignments') }}

),

unassigned_motions as (

    select
        'model_assignment' as policy_table,
        'motion=' || motions.motion as row_text,
        'missing: some leads of this motion get no scoring model; end the track main with a rule without conditions' as problem
    from motions
    left join assigned_motions on motions.motion = assigned_motions.motion
    where assigned_motions.motion is null

),

mixed_criteria as (

    select
        'fit_rules' as policy_table,
        'scoring_model=' || scoring_model || ' criterion=' || criterion as row_text,
        'the rules of one criterion look at different attributes; give each attribute its own criterion' as problem
    from {{ checked_policy('fit_rules') }} as fit_rules
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
    from {{ checked_policy('qualification_profiles') }} as profiles
    inner join {{ policy('frameworks') }} as frameworks
        on {{ is_listed('frameworks.framework', 'profiles.qualifying_frameworks') }}

),

unknown_frameworks as (

    select
        'qualification_profiles' as policy_table,
        'profile=' || profiles.profile as row_text,
        'qualifying_frameworks names none of {{ policy_file('frameworks') }}' as problem
    from {{ checked_policy('qualification_profiles') }} as profiles
    left join profiles_with_framework on profiles.profile = profiles_with_framework.profile
    where
        profiles.qualifying_frameworks is not null
        and profiles_with_framework.profile is null

),

upside_down_benchmarks as (

    {{ policy_rows_where('benchmarks', ['benchmark_id'], 'low > high', "'low is above high'") }}

),

benchmark_rows as (

    select
        count(*) as all_rows,
        count(case when source = {{ text_literal(var('primary_benchmark', 'guide')) }} then 1 end) as primary_rows
    from {{ checked_policy('benchmarks') }} as benchmarks

),

unknown_primary_benchmark as (

    select
        'benchmarks' as policy_table,
        'source=' || {{ text_literal(var('primary_benchmark', 'guide')) }} as row_text,
        'missing: the var primary_benchmark names this source; set it to one that the table has' as problem
    from benchmark_rows
    where all_rows > 0 and primary_rows = 0

),

timers_without_time as (

    {{ policy_rows_where(
        'stage_timers', ['stage', 'timer_event'], 'after_days is null or after_days <= 0',
        "'after_days must be 1 or more'"
    ) }}

),

assignments_neither_way as (

    {{ policy_rows_where(
        'lifecycle_settings', ['setting'],
        "setting = 'assignment_hands_over' and value not in (0, 1)",
        "'assignment_hands_over must be 0 or 1'"
    ) }}

),

unmet_frameworks as (

    select
        'handoff_requirements' as policy_table,
        'profile=' || requirements.profile || ' check_name=' || requirements.check_name as row_text,
        'the profile has no qualifying_frameworks, so the check would never hold' as problem
    from {{ checked_policy('handoff_requirements') }} as requirements
    inner join {{ checked_policy('qualification_profiles') }} as profiles on requirements.profile = profiles.profile
    where requirements.check_name = 'framework_confirmed' and profiles.qualifying_frameworks is null

),

timers_in_a_circle as (

    {{ policy_timer_cycles() }}

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

minimums_upside_down as (

    {{ policy_rows_where(
        'qualification_profiles', ['profile'], 'sql_by_score and mql_min_score > sql_min_score',
        "'mql_min_score is above sql_min_score; a lead would be an SQL before it is an MQL'"
    ) }}

),

inverted_ranges as (

    {{ policy_rows_where(
        'fit_rules', ['scoring_model', 'criterion', 'rule_order'],
        "match_type = 'between' and case when " ~ regexp_like('match_values', '^[0-9]{1,9}[|][0-9]{1,9}$')
        ~ ' then cast(' ~ text_part('match_values', '|', 1) ~ ' as integer) > cast('
        ~ text_part('match_values', '|', 2) ~ ' as integer) else false end',
        "'between has its larger number first; turn them round'"
    ) }}

),

level_orders as (

    select distinct
        lower_bands.scoring_model,
        lower_bands.score_level as lower_level,
        higher_bands.score_level as higher_level
    from {{ checked_policy('score_bands') }} as lower_bands
    inner join {{ checked_policy('score_bands') }} as higher_bands
        on
            lower_bands.scoring_model = higher_bands.scoring_model
            and lower_bands.min_score < higher_bands.min_score
            and lower_bands.score_level <> higher_bands.score_level

),

levels_upside_down as (

    select distinct
        'score_bands' as policy_table,
        'scoring_model=' || level_orders.scoring_model || ' score_level=' || level_orders.higher_level as row_text,
        'stands above ' || level_orders.lower_level || ' here and below it in a band of ' || others.scoring_model
        || '; the levels of all models have one order' as problem
    from level_orders
    inner join level_orders as others
        on
            level_orders.lower_level = others.higher_level
            and level_orders.higher_level = others.lower_level

),

violations as (

    select * from inactive_primaries
    union all
    select * from minimums_upside_down
    union all
    select * from inverted_ranges
    union all
    select * from levels_upside_down
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
    select * from unknown_primary_benchmark
    union all
    select * from timers_without_time
    union all
    select * from timers_in_a_circle
    union all
    select * from regressions_out_of_range
    union all
    select * from unmet_frameworks
    union all
    select * from assignments_neither_way
    union all
    select * from wrong_definition_ranks

)

select * from violations
{% endcall %}
