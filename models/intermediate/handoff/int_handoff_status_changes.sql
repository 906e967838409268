{{ config(materialized='by_lead') }}

-- What sales noted in the CRM about each hand-off, from its beginning to its end, both included.
-- The status mql is marketing's own mark.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

records as (

    select * from {{ rows_of_this_run('int_lead_records') }}

),

changes as (

    select * from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }}
    where status <> 'mql'

),

handoff_status_changes as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        changes.change_id,
        changes.status,
        changes.rep_id,
        changes.changed_at
    from handoffs
    inner join records on handoffs.lead_id = records.lead_id
    inner join changes
        on
            records.record_id = changes.lead_id
            and {{ lies_in_handoff('handoffs', 'changes.changed_at') }}

)

select * from handoff_status_changes
