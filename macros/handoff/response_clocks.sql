{#-
    A query of when the answer to each hand-off is due: so many minutes, or opening minutes, after its
    clock starts. In business time it is the earliest instant at which they have passed.
    policies: a relation with lead_id, handoff_number, calendar, sla_clock, response_target_minutes and
    sla_starts_at.
-#}
{% macro due_times_of(policies) -%}
with

business_time as (

    select * from {{ ref('lead_qualification', 'int_business_time') }}

),

-- Which opening second the answer is due in, counted from the beginning of the calendar.
due_seconds as (

    select
        policies.lead_id,
        policies.handoff_number,
        policies.calendar,
        {{ lead_qualification.opening_seconds_until('business_time', 'policies.sla_starts_at') }}
        + 60 * policies.response_target_minutes as due_second
    from {{ policies }} as policies
    inner join business_time
        on {{ lead_qualification.lies_in('business_time', 'policies.calendar', 'policies.sla_starts_at') }}
    where policies.sla_clock = 'business'

),

-- Stretches of opening time by the day of opening seconds that they reach into; two at most.
stretches as (

    select
        business_time.*,
        floor(business_time.seconds_before / 86400) + numbers.number as second_day
    from ({{ lead_qualification.whole_numbers(0, 1) }}) as numbers
    cross join business_time
    where
        business_time.open_seconds > 0
        and floor(business_time.seconds_before / 86400) + numbers.number
        <= floor((business_time.seconds_before + business_time.open_seconds) / 86400)

),

business_due as (

    select
        due_seconds.lead_id,
        due_seconds.handoff_number,
        {{ lead_qualification.add_seconds('stretches.starts_at', 'due_seconds.due_second - stretches.seconds_before') }} as due_at
    from due_seconds
    inner join stretches
        on
            due_seconds.calendar = stretches.calendar
            and floor(due_seconds.due_second / 86400) = stretches.second_day
            and due_seconds.due_second > stretches.seconds_before
            and due_seconds.due_second <= stretches.seconds_before + stretches.open_seconds

),

due_times as (

    select
        policies.lead_id,
        policies.handoff_number,
        case policies.sla_clock
            when 'elapsed' then {{ lead_qualification.add_seconds('policies.sla_starts_at', '60 * policies.response_target_minutes') }}
            else business_due.due_at
        end as sla_due_at
    from {{ policies }} as policies
    left join business_due on {{ lead_qualification.same_handoff('policies', 'business_due') }}

)

select * from due_times
{%- endmacro %}


{#-
    A query of whether sales answered each hand-off in time, and how long it took, elapsed and in
    business time.
    policies: as in due_times_of, also with ended_at and known_until. due_times: lead_id, handoff_number
    and sla_due_at of each.
-#}
{% macro answers_in_time(policies, due_times) -%}
with

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
        greatest(policies.sla_starts_at, coalesce(responses.first_response_at, {{ lead_qualification.as_of() }})) as used_until
    from {{ policies }} as policies
    inner join {{ due_times }} as due_times on {{ lead_qualification.same_handoff('policies', 'due_times') }}
    inner join {{ ref('lead_qualification', 'int_handoff_responses') }} as responses on {{ lead_qualification.same_handoff('policies', 'responses') }}

),

used as (

    select
        clocks.*,
        {{ lead_qualification.exact_seconds('clocks.sla_starts_at', 'clocks.used_until') }} as elapsed_seconds,
        {{ lead_qualification.opening_seconds_until('time_at_end', 'clocks.used_until') }}
        - {{ lead_qualification.opening_seconds_until('time_at_start', 'clocks.sla_starts_at') }} as business_seconds
    from clocks
    left join business_time as time_at_start
        on {{ lead_qualification.lies_in('time_at_start', 'clocks.calendar', 'clocks.sla_starts_at') }}
    left join business_time as time_at_end
        on {{ lead_qualification.lies_in('time_at_end', 'clocks.calendar', 'clocks.used_until') }}

),

judged as (

    select
        used.lead_id,
        used.handoff_number,
        used.sla_starts_at,
        used.sla_due_at,
        used.first_response_at,
        case when used.first_response_at is not null then {{ lead_qualification.minutes_of('used.elapsed_seconds') }} end as response_minutes,
        case
            when used.first_response_at is not null then {{ lead_qualification.minutes_of('used.business_seconds') }}
        end as response_business_minutes,
        case
            when used.first_response_at < coalesce(used.sla_due_at, {{ lead_qualification.never() }}) then 'met'
            when used.first_response_at is not null or used.known_until >= used.sla_due_at then 'breached'
            -- It ended before it was due: nothing to judge.
            when used.ended_at is not null then null
            when
                case used.sla_clock when 'elapsed' then used.elapsed_seconds else used.business_seconds end
                >= {{ lead_qualification.lifecycle_setting('sla_at_risk_share') }} * 60 * used.response_target_minutes
                then 'at_risk'
            else 'open'
        end as sla_status
    from used

)

select * from judged
{%- endmacro %}
