-- How many leads of each motion would have an open gate today under another profile?
-- Gates are judged by the score of today's primary model; an open gate moves a lead only where its
-- stage and cooldown allow, and what handoff_requirements.csv asks is left out. For stages build with the
-- edited row of model_assignment.csv and compare (leadq diff).
-- dbt show --select what_if_profile --vars '{what_if_profile: mid_market}'
with

timeline as (

    select * from {{ ref('lead_qualification', 'int_score_timeline') }}
    where
        valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})

),

lead_stages as (

    select * from {{ ref('lead_qualification', 'lead_stages') }}

),

profiles as (

    select * from {{ current_policy('qualification_profiles') }} as qualification_profiles

),

grade_scale as (

    select * from {{ current_policy('grade_scale') }} as grade_scale

),

matrix as (

    select * from {{ matrix_of_profiles() }} as qualification_matrix
    where {{ is_in_force('qualification_matrix', as_of()) }}

),

asked_profiles as (

    select
        lead_id,
        scoring_model,
        motion,
        profile,
        'today' as asked
    from lead_stages
    union all
    select
        lead_id,
        scoring_model,
        motion,
        '{{ var("what_if_profile", "mid_market") }}' as profile,
        'then' as asked
    from lead_stages

),

gates as (

    select
        asked_profiles.lead_id,
        asked_profiles.motion,
        asked_profiles.asked,
        {{ is_mql_gate_earned() }} as is_mql_gate_open,
        {{ is_sql_gate_earned() }} as is_sql_gate_open
    from timeline
    inner join asked_profiles
        on
            timeline.lead_id = asked_profiles.lead_id
            and timeline.scoring_model = asked_profiles.scoring_model
    inner join profiles on asked_profiles.profile = profiles.profile
    inner join grade_scale as lowest_grades on profiles.mql_min_grade = lowest_grades.grade
    inner join grade_scale as grades on timeline.grade = grades.grade
    inner join matrix
        on
            timeline.grade = matrix.grade
            and timeline.score_level = matrix.score_level
            {{ and_cell_of_profile('asked_profiles.profile') }}

),

counted as (

    select
        motion,
        cast(count(case when asked = 'today' then 1 end) as integer) as leads,
        cast(count(case when asked = 'today' and is_mql_gate_open then 1 end) as integer) as mql_gate_open,
        cast(count(case when asked = 'then' and is_mql_gate_open then 1 end) as integer) as mql_gate_then,
        cast(count(case when asked = 'today' and is_sql_gate_open then 1 end) as integer) as sql_gate_open,
        cast(count(case when asked = 'then' and is_sql_gate_open then 1 end) as integer) as sql_gate_then,
        '{{ var("what_if_profile", "mid_market") }}' as profile_then
    from gates
    group by motion
    -- A profile that is not in qualification_profiles.csv gives no rows rather than closed gates.
    having count(case when asked = 'then' then 1 end) > 0

)

select * from counted
order by motion
