{{ config(materialized='by_lead') }}

-- What sales did with each hand-off: activities from its beginning to its end, both included,
-- for what begins or ends a hand-off is recorded at that very instant.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

records as (

    select * from {{ rows_of_this_run('int_lead_records') }}

),

activities as (

    select * from {{ ref('lead_qualification', 'stg_sales__sales_activities') }}

),

handoff_activities as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        activities.activity_id,
        activities.rep_id,
        activities.activity_type,
        activities.occurred_at,
        activities.activity_type in ('call', 'email', 'meeting') as is_attempt,
        coalesce(activities.outcome in ('connected', 'replied', 'held'), false) as is_connected
    from handoffs
    inner join records on handoffs.lead_id = records.lead_id
    inner join activities
        on
            records.record_id = activities.lead_id
            and handoffs.handed_off_at <= activities.occurred_at
            and {{ known_until('handoffs') }} >= activities.occurred_at

)

select * from handoff_activities
