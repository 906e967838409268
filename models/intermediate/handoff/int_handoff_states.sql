{{ config(materialized='by_lead') }}

-- Whether a lead was opted out or disqualified when it was handed over.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

machine as (

    select
        lead_id,
        stage_number,
        is_disqualified
    from {{ rows_of_this_run('int_stage_machine') }}
    where is_entry

),

-- What stands after everything of an instant, until the next one.
instants as (

    select
        lead_id,
        occurred_at,
        is_opted_out,
        lead(occurred_at) over (
            partition by lead_id
            order by position
        ) as next_occurred_at
    from {{ rows_of_this_run('int_lifecycle_events') }}

),

consents as (

    select * from instants
    where next_occurred_at is null or next_occurred_at > occurred_at

),

states as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        consents.is_opted_out,
        machine.is_disqualified
    from handoffs
    inner join machine
        on
            handoffs.lead_id = machine.lead_id
            and handoffs.stage_number = machine.stage_number
    inner join consents
        on
            handoffs.lead_id = consents.lead_id
            and handoffs.handed_off_at >= consents.occurred_at
            and (consents.next_occurred_at is null or handoffs.handed_off_at < consents.next_occurred_at)

)

select * from states
