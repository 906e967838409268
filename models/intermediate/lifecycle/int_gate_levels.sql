-- Whether the gates of a lead stand open, over its primary model's timeline.
with

timeline as (

    select * from {{ ref('int_score_timeline') }}

),

lead_profiles as (

    select * from {{ ref('int_lead_profiles') }}

),

profiles as (

    select * from {{ ref('qualification_profiles') }}

),

grade_scale as (

    select * from {{ ref('grade_scale') }}

),

matrix as (

    select * from {{ ref('qualification_matrix') }}

),

judged as (

    select
        timeline.lead_id,
        timeline.valid_from,
        timeline.score >= profiles.mql_min_score
        and timeline.meaningful_signals >= profiles.mql_min_meaningful_signals
        and timeline.intent_signals >= profiles.mql_min_intent_signals
        and (not profiles.uses_matrix or matrix.stage in ('mql', 'sql')) as is_mql_score,
        profiles.sql_by_score
        and timeline.score >= profiles.sql_min_score
        and timeline.high_intent_signals >= profiles.sql_min_high_intent_signals
        and (not profiles.uses_matrix or matrix.stage = 'sql') as is_sql_score,
        timeline.grade_rank <= grade_scale.grade_rank as is_grade_enough,
        profiles.uses_matrix and timeline.grade = 'F' as is_blocked
    from timeline
    inner join lead_profiles
        on
            timeline.lead_id = lead_profiles.lead_id
            and timeline.scoring_model = lead_profiles.scoring_model
    inner join profiles on lead_profiles.profile = profiles.profile
    inner join grade_scale on profiles.mql_min_grade = grade_scale.grade
    inner join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level

),

levels as (

    select
        lead_id,
        valid_from,
        is_mql_score and is_grade_enough and not is_blocked as is_mql_gate_open,
        is_sql_score and is_grade_enough and not is_blocked as is_sql_gate_open
    from judged

)

select * from levels
