{{ config(materialized='by_lead') }}

-- The intervals of the timeline of a pair of a lead in which a gate stands open or is held back, [valid_from, valid_to);
-- where the policy has several versions or pairs change, from each of these instants, too. Long because the rules
-- are then those of each instant.
{%- do needs('int_lead_profiles') %}
with

{% if has_profile_history() %}
{%- if has_policy_versions() %}
versions as (

    select * from {{ ref('lead_qualification', 'int_policy_versions') }}

),
{%- endif %}

lead_pairs as (

    {{ lead_pairs() }}

),

timeline as (

    select
        timeline.lead_id,
        timeline.scoring_model,
        lead_pairs.track,
        lead_pairs.profile,
        greatest(
            timeline.valid_from,
            {{ 'versions.starts_at,' if has_policy_versions() }}
            lead_pairs.valid_from
        ) as valid_from,
        least(
            coalesce(timeline.valid_to, {{ never() }}),
            {{ 'versions.ends_at,' if has_policy_versions() }}
            lead_pairs.valid_to
        ) as valid_to,
        timeline.score,
        timeline.score_level,
        timeline.grade,
        timeline.grade_rank,
        timeline.meaningful_signals,
        timeline.high_intent_signals,
        timeline.intent_signals
    from {{ rows_of_this_run('int_score_timeline', 'timeline') }}
    inner join lead_pairs
        on
            {{ same_score('timeline', 'lead_pairs') }}
            and timeline.valid_from < lead_pairs.valid_to
            and (timeline.valid_to is null or timeline.valid_to > lead_pairs.valid_from)
    {%- if has_policy_versions() %}
    inner join versions
        on
            greatest(timeline.valid_from, lead_pairs.valid_from) < versions.ends_at
            and least(coalesce(timeline.valid_to, {{ never() }}), lead_pairs.valid_to) > versions.starts_at
    {%- endif %}

),
{% else %}
lead_profiles as (

    select * from {{ rows_of_this_run('int_lead_profiles') }}

),

timeline as (

    select
        timeline.*,
        'main' as track,
        lead_profiles.profile
    from {{ rows_of_this_run('int_score_timeline', 'timeline') }}
    inner join lead_profiles on {{ same_score('timeline', 'lead_profiles') }}

),
{% endif %}
profiles as (

    select * from {{ dated_policy('qualification_profiles') }} as qualification_profiles

),

grade_scale as (

    select * from {{ dated_policy('grade_scale') }} as grade_scale

),

matrix as (

    select * from {{ matrix_of_profiles() }} as qualification_matrix

),

levels as (

    select
        timeline.lead_id,
        timeline.track,
        timeline.scoring_model,
        timeline.profile,
        {{ level_from() }} as valid_from,
        {{ level_to() }} as valid_to,
        {{ is_mql_gate_open() }} as is_mql_gate_open,
        {{ is_sql_gate_open() }} as is_sql_gate_open,
        {{ is_sql_gate_earned() }} and not ({{ requirements_hold('sql_gate') }}) as is_sql_gate_held_back
    from timeline
    inner join profiles
        on
            timeline.profile = profiles.profile
            {{ and_in_force('profiles', 'timeline.valid_from') }}
    inner join grade_scale as lowest_grades
        on
            profiles.mql_min_grade = lowest_grades.grade
            {{ and_in_force('lowest_grades', 'timeline.valid_from') }}
    inner join grade_scale as grades
        on
            timeline.grade = grades.grade
            {{ and_in_force('grades', 'timeline.valid_from') }}
    inner join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level
            {{ and_cell_of_profile('timeline.profile') }}
            {{ and_in_force('matrix', 'timeline.valid_from') }}
    {{- join_requirements() }}

)

select * from levels
where is_mql_gate_open or is_sql_gate_open or is_sql_gate_held_back
