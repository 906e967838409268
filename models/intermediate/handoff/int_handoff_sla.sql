-- Whether sales answered each hand-off in time, and how long it took, elapsed and in business time.
with

policies as (

    select * from {{ ref('lead_qualification', 'int_handoff_policies') }}

),

business_time as (

    select * from {{ ref('lead_qualification', 'int_business_time') }}

),

-- The time used: until the response, or until now.
clocks as (

    select
        policies.lead_id,
        policies.handoff_number,
        policies.ended_at,
        policies.known_until,
        policies.calendar,
        policies.sla_clock,
        policies.response_target_minutes,
        policies.sla_starts_at,
        due_times.sla_due_at,
        responses.first_response_at,
        greatest(policies.sla_starts_at, coalesce(responses.first_response_at, {{ as_of() }})) as used_until
    from policies
    inner join {{ ref('lead_qualification', 'int_handoff_due_times') }} as due_times on {{ same_handoff('policies', 'due_times') }}
    inner join {{ ref('lead_qualification', 'int_handoff_responses') }} as responses on {{ same_handoff('policies', 'responses') }}

),

used as (

    select
        clocks.*,
        {{ exact_seconds('clocks.sla_starts_at', 'clocks.used_until') }} as elapsed_seconds,
        {{ opening_seconds_until('time_at_end', 'clocks.used_until') }}
        - {{ opening_seconds_until('time_at_start', 'clocks.sla_starts_at') }} as business_seconds
    from clocks
    left join business_time as time_at_start
        on {{ lies_in('time_at_start', 'clocks.calendar', 'clocks.sla_starts_at') }}
    left join business_time as time_at_end
        on {{ lies_in('time_at_end', 'clocks.calendar', 'clocks.used_until') }}

),

judged as (

    select
        used.lead_id,
        used.handoff_number,
        used.sla_starts_at,
        used.sla_due_at,
        used.first_response_at,
        case when used.first_response_at is not null then {{ minutes_of('used.elapsed_seconds') }} end as response_minutes,
        case
            when used.first_response_at is not null then {{ minutes_of('used.business_seconds') }}
        end as response_business_minutes,
        case
            when used.first_response_at < coalesce(used.sla_due_at, {{ never() }}) then 'met'
            when used.first_response_at is not null or used.known_until >= used.sla_due_at then 'breached'
            -- It ended before it was due: nothing to judge.
            when used.ended_at is not null then null
            when
                case used.sla_clock when 'elapsed' then used.elapsed_seconds else used.business_seconds end
                >= {{ lifecycle_setting('sla_at_risk_share') }} * 60 * used.response_target_minutes
                then 'at_risk'
            else 'open'
        end as sla_status
    from used

)

select * from judged
