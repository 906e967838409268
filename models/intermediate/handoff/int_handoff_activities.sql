{{ config(materialized='by_lead') }}

-- What sales did with each hand-off: activities from its beginning to its end, both included,
-- for what begins or ends a hand-off is recorded at that very instant.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

activities as (

    select * from {{ rows_of_this_run('int_sales_activities') }}

),

handoff_activities as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        activities.activity_id,
        activities.rep_id,
        activities.activity_type,
        activities.occurred_at,
        activities.activity_type in ('call', 'email', 'meeting') and not activities.is_machine as is_attempt,
        activities.activity_type in ('call', 'email', 'meeting')
        and coalesce(activities.outcome in ('connected', 'replied', 'held'), false)
        and (not activities.is_machine or activities.outcome = 'replied') as is_connected
    from handoffs
    inner join activities
        on
            handoffs.lead_id = activities.lead_id
            and {{ lies_in_handoff('handoffs', 'activities.occurred_at') }}

)

select * from handoff_activities
