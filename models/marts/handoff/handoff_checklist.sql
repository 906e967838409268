-- The rules are in macros/handoff/checks.sql. Long because thresholds and grades are those of the hand-off.
with

context as (

    select * from {{ ref('lead_qualification', 'int_handoff_context') }}

),

profiles as (

    select * from {{ dated_policy('qualification_profiles') }} as qualification_profiles

),

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

stages as (

    select * from {{ policy('stages') }}

),

grade_scale as (

    select * from {{ dated_policy('grade_scale') }} as grade_scale

),

reps as (

    select * from {{ ref('lead_qualification', 'int_handoff_reps') }}

),

due_times as (

    select * from {{ ref('lead_qualification', 'int_handoff_due_times') }}

),

settings as (

    select
        cast(value as integer) as engaged_days,
        in_force_from,
        in_force_to
    from {{ dated_policy('lifecycle_settings') }} as lifecycle_settings
    where setting = 'handoff_engaged_days'

),

facts as (

    select
        context.*,
        case
            when stages.role = 'mql' then profiles.mql_min_score
            when stages.funnel_rank >= {{ rank_of_role('proposed') }} then profiles.sql_min_score
        end as threshold,
        grade_scale.is_good as is_good_grade,
        reps.assigned_rep_id,
        reps.is_routed_correctly,
        due_times.sla_due_at,
        settings.engaged_days
    from context
    inner join settings
        on
            settings.engaged_days is not null
            {{ and_in_force('settings', 'context.handed_off_at') }}
    inner join profiles
        on
            context.profile = profiles.profile
            {{ and_in_force('profiles', 'context.handed_off_at') }}
    inner join grade_scale
        on
            context.grade = grade_scale.grade
            {{ and_in_force('grade_scale', 'context.handed_off_at') }}
    inner join handoffs on {{ same_handoff('context', 'handoffs') }}
    inner join stages on handoffs.to_stage = stages.stage
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
