{{ config(materialized='view') }}

-- Whether the gates of a lead stand open, over its primary model's timeline; with several versions of the
-- policy from the beginning of each, too. Long because the rules are then those of each instant.
{%- do needs('int_lead_profiles') %}
with

{% if has_policy_versions() %}
versions as (

    select * from {{ ref('lead_qualification', 'int_policy_versions') }}

),

lead_profiles as (

    select * from {{ ref('lead_qualification', 'int_lead_profile_history') }}

),

timeline as (

    select
        timeline.lead_id,
        timeline.scoring_model,
        lead_profiles.profile,
        greatest(timeline.valid_from, versions.starts_at) as valid_from,
        least(coalesce(timeline.valid_to, {{ never() }}), versions.ends_at) as valid_to,
        timeline.score,
        timeline.score_level,
        timeline.grade,
        timeline.grade_rank,
        timeline.meaningful_signals,
        timeline.high_intent_signals,
        timeline.intent_signals
    from {{ ref('lead_qualification', 'int_score_timeline') }} as timeline
    inner join versions
        on
            timeline.valid_from < versions.ends_at
            and (timeline.valid_to is null or timeline.valid_to > versions.starts_at)
    inner join lead_profiles
        on
            {{ same_score('timeline', 'lead_profiles') }}
            and {{ is_valid_at('lead_profiles', 'versions.starts_at') }}

),
{% else %}
lead_profiles as (

    select * from {{ ref('lead_qualification', 'int_lead_profiles') }}

),

timeline as (

    select
        timeline.*,
        lead_profiles.profile
    from {{ ref('lead_qualification', 'int_score_timeline') }} as timeline
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

    select * from {{ dated_policy('qualification_matrix') }} as qualification_matrix

),

levels as (

    select
        timeline.lead_id,
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
            {{ and_in_force('matrix', 'timeline.valid_from') }}
    {{- join_requirements() }}

)

select * from levels
