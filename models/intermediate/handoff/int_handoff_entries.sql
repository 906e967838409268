-- The stays of a lead within each hand-off, the one that ends it included, with what each says
-- sales decided. While the hand-off runs, a stage of rank 3 or more is an acceptance.
with

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

history as (

    select * from {{ ref('lead_qualification', 'lead_stage_history') }}

),

stages as (

    select * from {{ policy('stages') }}

),

entries as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        history.stage_number,
        history.stage,
        history.entered_at,
        history.entered_by,
        history.reason_code,
        history.is_regression,
        stages.funnel_rank,
        coalesce(history.stage_number = handoffs.end_stage_number, false) as is_end
    from handoffs
    inner join history
        on
            handoffs.lead_id = history.lead_id
            and handoffs.stage_number <= history.stage_number
            and (handoffs.end_stage_number is null or handoffs.end_stage_number >= history.stage_number)
    inner join stages on history.stage = stages.stage

),

decided as (

    select
        lead_id,
        handoff_number,
        stage_number,
        entered_at,
        reason_code,
        funnel_rank,
        is_end,
        case
            when not is_end and funnel_rank >= 3 then 'accepted'
            when not is_end then null
            when entered_by = 'sales_rejected' then 'rejected'
            when entered_by in ('recycled', 'disqualified') then entered_by
            when is_regression or entered_by = 'regressed' then 'regressed'
            when stage = 'disqualified' then 'disqualified'
        end as decision
    from entries

)

select * from decided
