{{ config(materialized='by_lead') }}

-- The first decision of sales on each hand-off, and who made it.
with

decisions as (

    select
        *,
        row_number() over (
            partition by lead_id, handoff_number
            order by stage_number
        ) as decision_rank
    from {{ rows_of_this_run('int_handoff_entries') }}
    where decision is not null

),

status_changes as (

    select * from {{ rows_of_this_run('int_handoff_status_changes') }}
    where rep_id is not null

),

ranked as (

    select
        decisions.lead_id,
        decisions.handoff_number,
        decisions.decision as disposition,
        decisions.entered_at as disposed_at,
        decisions.reason_code,
        status_changes.rep_id as decided_by_rep_id,
        row_number() over (
            partition by decisions.lead_id, decisions.handoff_number
            order by {{ bytewise('status_changes.change_id') }}
        ) as change_rank
    from decisions
    left join status_changes
        on
            {{ same_handoff('decisions', 'status_changes') }}
            and decisions.entered_at = status_changes.changed_at
            and decisions.decision = status_changes.status
    where decisions.decision_rank = 1

),

handoff_decisions as (

    select
        lead_id,
        handoff_number,
        disposition,
        disposed_at,
        reason_code,
        decided_by_rep_id
    from ranked
    where change_rank = 1

)

select * from handoff_decisions
