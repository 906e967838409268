-- How sales answered each hand-off: first response, connection, attempts, status updates.
with

policies as (

    select * from {{ ref('lead_qualification', 'int_handoff_policies') }}

),

activities as (

    select * from {{ ref('lead_qualification', 'int_handoff_activities') }}
    where is_attempt or is_connected

),

status_changes as (

    select
        lead_id,
        handoff_number,
        min(changed_at) as first_status_at
    from {{ ref('lead_qualification', 'int_handoff_status_changes') }}
    group by lead_id, handoff_number

),

attempts as (

    select
        policies.lead_id,
        policies.handoff_number,
        min(case when activities.is_attempt then activities.occurred_at end) as first_response_at,
        min(case when activities.is_connected then activities.occurred_at end) as connected_at,
        cast(count(case when activities.is_attempt and activities.occurred_at < policies.attempts_until then 1 end) as integer) as attempts
    from policies
    left join activities on {{ same_handoff('policies', 'activities') }}
    group by policies.lead_id, policies.handoff_number

),

responses as (

    select
        policies.lead_id,
        policies.handoff_number,
        attempts.first_response_at,
        attempts.connected_at,
        attempts.attempts,
        case
            when attempts.attempts >= policies.min_attempts or attempts.connected_at < policies.attempts_until then true
            when policies.ended_at is not null or policies.attempts_until <= {{ as_of() }} then false
        end as attempts_met,
        status_changes.first_status_at,
        case
            when status_changes.first_status_at < policies.status_due_at then true
            when
                status_changes.first_status_at is not null
                or policies.ended_at is not null
                or policies.status_due_at <= {{ as_of() }}
                then false
        end as status_updated_in_time
    from policies
    inner join attempts on {{ same_handoff('policies', 'attempts') }}
    left join status_changes on {{ same_handoff('policies', 'status_changes') }}

)

select * from responses
