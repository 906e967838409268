-- What the CRM is told agrees: a closed lead has no action, program or date; only a lead on which marketing acts has a
-- program or a date; in a cooldown its end is the date; and what is due in the queue is the action.
with

synced as (

    select * from {{ ref('lead_qualification', 'crm_lead_sync') }}

),

actions as (

    select * from {{ ref('lead_qualification', 'next_best_action') }}

),

stages as (

    select * from {{ policy('stages') }}

),

queue as (

    select * from {{ ref('lead_qualification', 're_engagement_queue') }}

),

faults as (

    select
        synced.lead_id,
        'a closed lead has an action, a program or a date' as fault
    from synced
    inner join stages on synced.lead_stage = stages.stage
    where
        {{ is_closed('stages.role') }}
        and (
            synced.recommended_action is not null
            or synced.action_owner is not null
            or synced.action_due_at is not null
            or synced.nurture_track is not null
            or synced.re_engage_on is not null
        )
    union all
    select
        synced.lead_id,
        'a program or a date where marketing does not act' as fault
    from synced
    inner join actions on synced.lead_id = actions.lead_id
    where
        actions.owner <> 'marketing'
        and (
            synced.nurture_track is not null
            or synced.re_engage_on is not null
        )
    union all
    select
        actions.lead_id,
        'in a cooldown without its date, or before it' as fault
    from actions
    inner join synced on actions.lead_id = synced.lead_id
    where
        actions.is_in_cooldown
        and actions.owner = 'marketing'
        and (synced.re_engage_on is null or synced.re_engage_on < cast({{ report_time('actions.as_of') }} as date))
        and synced.lead_stage in (
            select stages.stage from stages
            where {{ waits_for_re_engagement('stages.role') }}
        )
    union all
    select
        queue.lead_id,
        'overdue in the queue and not approached by its action' as fault
    from queue
    inner join actions on queue.lead_id = actions.lead_id
    where
        queue.is_cooldown_over
        and not actions.re_engage_due

)

select * from faults
