-- The rep whose turn each hand-off was: round robin over the reps that its territory had then, counted from when
-- they last changed. So a rep who comes or leaves moves no earlier turn. Long because the reps are those of the time.
with

terms as (

    select * from {{ ref('lead_qualification', 'int_sales_rep_terms') }}

),

handoffs as (

    select
        *,
        lower(territory) as territory_key
    from {{ ref('lead_qualification', 'int_handoff_territories') }}

),

changes as (

    select
        territory,
        starts_at as changed_at
    from terms
    union distinct
    select
        territory,
        ends_at as changed_at
    from terms

),

-- Stretches of time without a change; before the first one the territory has nobody.
stretches as (

    select
        territory,
        changed_at as starts_at,
        lead(changed_at) over (partition by territory order by changed_at) as ends_at
    from changes

),

members as (

    select
        stretches.territory,
        stretches.starts_at,
        terms.rep_id,
        row_number() over (
            partition by stretches.territory, stretches.starts_at
            order by {{ bytewise('terms.rep_id') }}
        ) - 1 as rep_position,
        count(*) over (partition by stretches.territory, stretches.starts_at) as reps
    from stretches
    inner join terms
        on
            stretches.territory = terms.territory
            and stretches.starts_at >= terms.starts_at
            and stretches.starts_at < terms.ends_at

),

queued as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.handed_off_at,
        stretches.territory,
        stretches.starts_at,
        row_number() over (
            partition by handoffs.territory_key, stretches.starts_at
            order by handoffs.handed_off_at, {{ bytewise('handoffs.lead_id') }}, handoffs.handoff_number
        ) - 1 as place_in_queue
    from handoffs
    left join stretches
        on
            handoffs.territory_key = stretches.territory
            and handoffs.handed_off_at >= stretches.starts_at
            and handoffs.handed_off_at < stretches.ends_at

),

turns as (

    select
        queued.lead_id,
        queued.handoff_number,
        queued.handed_off_at,
        members.rep_id as turn_rep_id
    from queued
    left join members
        on
            queued.territory = members.territory
            and queued.starts_at = members.starts_at
            and mod(queued.place_in_queue, members.reps) = members.rep_position

)

select * from turns
