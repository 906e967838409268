{{ config(materialized='view') }}

-- Whether the gates of a lead stand open, over its primary model's timeline.
with

timeline as (

    select * from {{ ref('lead_qualification', 'int_score_timeline') }}

),

lead_profiles as (

    select * from {{ ref('lead_qualification', 'int_lead_profiles') }}

),

profiles as (

    select * from {{ policy('qualification_profiles') }}

),

grade_scale as (

    select * from {{ policy('grade_scale') }}

),

matrix as (

    select * from {{ policy('qualification_matrix') }}

),

levels as (

    select
        timeline.lead_id,
        timeline.valid_from,
        {{ is_mql_gate_open() }} as is_mql_gate_open,
        {{ is_sql_gate_open() }} as is_sql_gate_open
    from timeline
    inner join lead_profiles on {{ same_score('timeline', 'lead_profiles') }}
    inner join profiles on lead_profiles.profile = profiles.profile
    inner join grade_scale as lowest_grades on profiles.mql_min_grade = lowest_grades.grade
    inner join grade_scale as grades on timeline.grade = grades.grade
    inner join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level

)

select * from levels
