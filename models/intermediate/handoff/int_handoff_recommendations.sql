-- The rep recommended for each hand-off: whose turn it was, but for open hand-offs of a rep who has left since.
-- These are dealt over the reps who were there at that moment, and pass on only when one of them leaves too.
-- Long because of those, who are few.
with

terms as (

    select * from {{ ref('lead_qualification', 'int_sales_rep_terms') }}

),

turns as (

    select * from {{ ref('lead_qualification', 'int_handoff_turns') }}

),

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

leavers as (

    select
        rep_id,
        territory,
        ends_at as left_at
    from terms
    where ends_at <= {{ as_of() }}

),

-- What a rep leaves behind, whatever became of it later, so that its end moves nothing else.
left_behind as (

    select
        turns.lead_id,
        turns.handoff_number,
        turns.turn_rep_id,
        leavers.left_at,
        handoffs.ended_at is null as is_open,
        row_number() over (
            partition by turns.turn_rep_id
            order by turns.handed_off_at, {{ bytewise('turns.lead_id') }}, turns.handoff_number
        ) - 1 as place_in_queue
    from turns
    inner join leavers on turns.turn_rep_id = leavers.rep_id
    inner join handoffs on {{ same_handoff('turns', 'handoffs') }}
    where
        handoffs.ended_at is null
        or handoffs.ended_at > leavers.left_at

),

-- Who was there when a rep left goes first, then who came later, by when they came.
successors as (

    select
        leavers.rep_id as left_rep_id,
        terms.rep_id,
        terms.ends_at,
        greatest(terms.starts_at, leavers.left_at) as available_at,
        row_number() over (
            partition by leavers.rep_id, greatest(terms.starts_at, leavers.left_at)
            order by {{ bytewise('terms.rep_id') }}
        ) - 1 as rep_position,
        count(*) over (
            partition by leavers.rep_id, greatest(terms.starts_at, leavers.left_at)
        ) as reps
    from leavers
    inner join terms
        on
            leavers.territory = terms.territory
            and leavers.left_at < terms.ends_at

),

ranked as (

    select
        left_behind.lead_id,
        left_behind.handoff_number,
        successors.rep_id,
        row_number() over (
            partition by left_behind.lead_id, left_behind.handoff_number
            order by
                successors.available_at,
                mod(
                    successors.rep_position - mod(left_behind.place_in_queue, successors.reps) + successors.reps,
                    successors.reps
                )
        ) as successor_rank
    from left_behind
    inner join successors on left_behind.turn_rep_id = successors.left_rep_id
    where
        left_behind.is_open
        and successors.available_at <= {{ as_of() }}
        and successors.ends_at > {{ as_of() }}

),

recommendations as (

    select
        turns.lead_id,
        turns.handoff_number,
        case
            when left_behind.lead_id is not null then ranked.rep_id
            else turns.turn_rep_id
        end as recommended_rep_id
    from turns
    left join left_behind
        on
            {{ same_handoff('turns', 'left_behind') }}
            and left_behind.is_open
    left join ranked
        on
            {{ same_handoff('turns', 'ranked') }}
            and ranked.successor_rank = 1

)

select * from recommendations
