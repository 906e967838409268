-- Who each hand-off was assigned to: the rep of the first activity `assigned`, else of the first status change, else
-- of the first activity, of those that name a rep; else, of the latest hand-off, who owns the record if that is a
-- sales rep. And whether the routing rules say so too. Long because it is the list of these four.
with

territories as (

    select * from {{ ref('lead_qualification', 'int_handoff_territories') }}

),

reps as (

    select * from {{ ref('lead_qualification', 'stg_sales__sales_reps') }}

),

latest as (

    select
        lead_id,
        handoff_number,
        handed_off_at,
        row_number() over (partition by lead_id order by handoff_number desc) as handoff_rank
    from {{ ref('lead_qualification', 'int_handoffs') }}

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
    union all
    select
        lead_id,
        handoff_number,
        rep_id,
        3 as preference,
        occurred_at as named_at,
        activity_id as record_id
    from {{ ref('lead_qualification', 'int_handoff_activities') }}
    where rep_id is not null
    union all
    select
        latest.lead_id,
        latest.handoff_number,
        owners.rep_id,
        4 as preference,
        latest.handed_off_at as named_at,
        '' as record_id
    from latest
    inner join {{ ref('lead_qualification', 'int_leads') }} as leads on latest.lead_id = leads.lead_id
    inner join reps as owners on leads.owner_id = owners.rep_id
    where latest.handoff_rank = 1

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
