-- Whether sales answered in time from when it could see the hand-off: those told after their clock began. The
-- others are as in int_handoff_sla.
with

policies as (

    select * from {{ ref('lead_qualification', 'int_handoff_policies') }}

),

told_later as (

    select
        policies.lead_id,
        policies.handoff_number,
        policies.ended_at,
        policies.known_until,
        policies.calendar,
        policies.sla_clock,
        policies.response_target_minutes,
        publications.first_told_at as sla_starts_at
    from policies
    inner join {{ ref('lead_qualification', 'int_handoff_publications') }} as publications on {{ same_handoff('policies', 'publications') }}
    where publications.first_told_at > policies.sla_starts_at

),

due_times as (

    {{ due_times_of('told_later') }}

),

published_sla as (

    {{ answers_in_time('told_later', 'due_times') }}

)

select * from published_sla
