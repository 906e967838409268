-- The rules are in macros/handoff/checks.sql.
with

context as (

    select * from {{ ref('lead_qualification', 'int_handoff_context') }}

),

profiles as (

    select * from {{ policy('qualification_profiles') }}

),

grade_scale as (

    select * from {{ policy('grade_scale') }}

),

reps as (

    select * from {{ ref('lead_qualification', 'int_handoff_reps') }}

),

due_times as (

    select * from {{ ref('lead_qualification', 'int_handoff_due_times') }}

),

settings as (

    select cast({{ lifecycle_setting('handoff_engaged_days') }} as integer) as engaged_days

),

facts as (

    select
        context.*,
        profiles.sql_min_score,
        grade_scale.is_good as is_good_grade,
        reps.assigned_rep_id,
        reps.is_routed_correctly,
        due_times.sla_due_at,
        settings.engaged_days
    from context
    cross join settings
    inner join profiles on context.profile = profiles.profile
    inner join grade_scale on context.grade = grade_scale.grade
    inner join due_times on {{ same_handoff('context', 'due_times') }}
    left join reps on {{ same_handoff('context', 'reps') }}

),

checks as (

    {{ check_rows(handoff_checks(), ['lead_id', 'handoff_number']) }}

),

checklist as (

    select
        lead_id,
        handoff_number,
        check_number,
        check_name,
        result,
        detail,
        {{ as_of() }} as as_of
    from checks

)

select * from checklist
