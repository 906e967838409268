{{ config(materialized='by_lead') }}

-- Hand-offs: from a stage that marketing owns into one that sales owns, until the lead is back
-- with marketing or disqualified. Disqualified ends a hand-off and never begins one.
with

history as (

    select * from {{ rows_of_this_run('lead_stage_history') }}

),

entries as (

    select
        history.lead_id,
        history.stage_number,
        history.entered_at,
        history.stage,
        history.entered_by,
        lag(history.stage) over (
            partition by history.lead_id
            order by history.stage_number
        ) as from_stage,
        {{ is_worked_by_sales('stages.owner', 'stages.role') }} as is_worked_by_sales,
        lag(stages.owner) over (
            partition by history.lead_id
            order by history.stage_number
        ) as from_owner,
        min(
            case when stages.owner = 'marketing' or stages.role = 'disqualified' then history.stage_number end
        ) over (
            partition by history.lead_id
            order by history.stage_number
            rows between 1 following and unbounded following
        ) as end_stage_number
    from history
    inner join {{ policy('stages') }} as stages on history.stage = stages.stage

),

handoffs as (

    select
        entries.lead_id,
        cast(row_number() over (
            partition by entries.lead_id
            order by entries.stage_number
        ) as integer) as handoff_number,
        entries.stage_number,
        entries.entered_at as handed_off_at,
        entries.from_stage,
        entries.stage as to_stage,
        entries.entered_by as trigger_event,
        lifecycle_events.is_gate as is_by_gate,
        lifecycle_events.begun_by_sales as is_begun_by_sales,
        endings.stage_number as end_stage_number,
        endings.entered_at as ended_at,
        endings.entered_by as end_event
    from entries
    inner join {{ policy('lifecycle_events') }} as lifecycle_events on entries.entered_by = lifecycle_events.event
    left join history as endings
        on
            entries.lead_id = endings.lead_id
            and entries.end_stage_number = endings.stage_number
    where
        entries.is_worked_by_sales
        and entries.from_owner = 'marketing'

)

select * from handoffs
