-- When the answer to a hand-off is due: so many minutes, or opening minutes, after its clock
-- starts. In business time it is the earliest instant at which they have passed.
with

policies as (

    select * from {{ ref('lead_qualification', 'int_handoff_policies') }}

),

business_time as (

    select * from {{ ref('lead_qualification', 'int_business_time') }}

),

-- Which opening second the answer is due in, counted from the beginning of the calendar.
due_seconds as (

    select
        policies.lead_id,
        policies.handoff_number,
        policies.calendar,
        {{ opening_seconds_until('business_time', 'policies.sla_starts_at') }}
        + 60 * policies.response_target_minutes as due_second
    from policies
    inner join business_time
        on {{ lies_in('business_time', 'policies.calendar', 'policies.sla_starts_at') }}
    where policies.sla_clock = 'business'

),

-- Stretches of opening time by the day of opening seconds that they reach into; two at most.
stretches as (

    select
        business_time.*,
        floor(business_time.seconds_before / 86400) + numbers.number as second_day
    from ({{ whole_numbers(0, 1) }}) as numbers
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
        {{ add_seconds('stretches.starts_at', 'due_seconds.due_second - stretches.seconds_before') }} as due_at
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
            when 'elapsed' then {{ add_seconds('policies.sla_starts_at', '60 * policies.response_target_minutes') }}
            else business_due.due_at
        end as sla_due_at
    from policies
    left join business_due on {{ same_handoff('policies', 'business_due') }}

)

select * from due_times
