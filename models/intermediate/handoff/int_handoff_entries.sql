{{ config(materialized='by_lead') }}

-- The stays of a lead within each hand-off, the one that ends it included, with what each says
-- sales decided. While the hand-off runs, a stage at or beyond the accepted one is an acceptance; so is its end in
-- the next hand-off.
with

handoffs as (

    select * from {{ rows_of_this_run('int_handoffs') }}

),

history as (

    select * from {{ rows_of_this_run('lead_stage_history') }}

),

ranks as (

    select {{ rank_of_role('accepted') }} as accepted_rank

),

entries as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        history.stage_number,
        history.entered_at,
        history.reason_code,
        history.is_regression,
        stages.role,
        stages.funnel_rank,
        stages.funnel_rank >= ranks.accepted_rank as is_accepted,
        lifecycle_events.disposition,
        handoffs.ends_in_handoff,
        coalesce(history.stage_number = handoffs.end_stage_number, false) as is_end
    from handoffs
    inner join history
        on
            handoffs.lead_id = history.lead_id
            and handoffs.stage_number <= history.stage_number
            and (handoffs.end_stage_number is null or handoffs.end_stage_number >= history.stage_number)
    inner join {{ policy('stages') }} as stages on history.stage = stages.stage
    cross join ranks
    left join {{ policy('lifecycle_events') }} as lifecycle_events on history.entered_by = lifecycle_events.event

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
            when not is_end and is_accepted then 'accepted'
            when not is_end then null
            when ends_in_handoff then 'accepted'
            when disposition is not null then disposition
            when is_regression then 'regressed'
            when role = 'disqualified' then 'disqualified'
        end as decision
    from entries

)

select * from decided
