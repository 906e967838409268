-- When each hand-off was first told, if a build has shown it: as it is now, or beginning later within it, for an event
-- that arrives late may move its beginning back, but not when sales could see it.
with

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

told as (

    {{ told_handoffs() }}

),

publications as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        min(told.told_at) as first_told_at
    from handoffs
    inner join told
        on
            handoffs.lead_id = told.lead_id
            and handoffs.handed_off_at <= told.handed_off_at
            and (handoffs.ended_at is null or handoffs.ended_at > told.handed_off_at)
    group by handoffs.lead_id, handoffs.handoff_number

)

select * from publications
