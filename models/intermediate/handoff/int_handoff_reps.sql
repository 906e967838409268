-- Who each hand-off was assigned to: the rep of the first activity `assigned`, else of the first
-- status change, of those that name a rep; and whether the routing rules say so too.
with

territories as (

    select * from {{ ref('lead_qualification', 'int_handoff_territories') }}

),

reps as (

    select * from {{ ref('lead_qualification', 'stg_sales__sales_reps') }}

),

namings as (

    select
        lead_id,
        handoff_number,
        rep_id,
        1 as preference,
        occurred_at as named_at,
        activity_id as record_id
    from {{ ref('lead_qualification', 'int_handoff_activities') }}
    where
        activity_type = 'assigned'
        and rep_id is not null
    union all
    select
        lead_id,
        handoff_number,
        rep_id,
        2 as preference,
        changed_at as named_at,
        change_id as record_id
    from {{ ref('lead_qualification', 'int_handoff_status_changes') }}
    where rep_id is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by lead_id, handoff_number
            order by preference, named_at, {{ bytewise('record_id') }}
        ) as naming_rank
    from namings

),

handoff_reps as (

    select
        ranked.lead_id,
        ranked.handoff_number,
        ranked.rep_id as assigned_rep_id,
        coalesce(lower(reps.territory) = lower(territories.territory), false) as is_routed_correctly
    from ranked
    inner join territories on {{ same_handoff('ranked', 'territories') }}
    left join reps on ranked.rep_id = reps.rep_id
    where ranked.naming_rank = 1

)

select * from handoff_reps
