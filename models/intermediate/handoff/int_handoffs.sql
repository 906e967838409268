{{ config(materialized='by_lead') }}

-- Hand-offs: from marketing or sales development to an owner of higher rank, until somebody else has the lead.
-- Where sales development hands it on at once, it never had it. Long because a hand-off may end in the next.
with

history as (

    select * from {{ rows_of_this_run('lead_stage_history') }}

),

-- A lead whose first stage is owned by sales comes from marketing.
entries as (

    select
        lead_id,
        stage_number,
        entered_at,
        stage,
        entered_by,
        owner,
        lag(stage) over (
            partition by lead_id
            order by stage_number
        ) as from_stage,
        lag(owner, 1, 'marketing') over (
            partition by lead_id
            order by stage_number
        ) as from_owner
    from history

),

changes as (

    select
        *,
        owner in ('sdr', 'sales')
        and from_owner in ('marketing', 'sdr')
        and {{ owner_rank('owner') }} > {{ owner_rank('from_owner') }} as is_handoff
    from entries
    where
        owner <> from_owner
        or stage_number = 1

),

neighbours as (

    select
        *,
        {%- for column in ['stage_number', 'entered_at', 'entered_by', 'owner'] %}
        lead({{ column }}) over (partition by lead_id order by stage_number) as next_{{ column }},
        {%- endfor %}
        lag(is_handoff, 1, false) over (partition by lead_id order by stage_number) as is_after_handoff,
        lag(entered_at) over (partition by lead_id order by stage_number) as previous_entered_at
    from changes

),

chained as (

    select
        *,
        coalesce(owner = 'sdr' and next_owner = 'sales', false) as ends_in_handoff,
        from_owner = 'sdr' and is_after_handoff as is_handed_on,
        coalesce(from_owner = 'sdr' and is_after_handoff and previous_entered_at = entered_at, false) as is_handed_on_at_once
    from neighbours
    where is_handoff

),

handoffs as (

    select
        chained.lead_id,
        cast(row_number() over (
            partition by chained.lead_id
            order by chained.stage_number
        ) as integer) as handoff_number,
        chained.stage_number,
        chained.entered_at as handed_off_at,
        chained.from_stage,
        chained.stage as to_stage,
        case when chained.is_handed_on_at_once then 'marketing' else chained.from_owner end as from_owner,
        chained.owner as to_owner,
        chained.entered_by as trigger_event,
        coalesce(lifecycle_events.is_gate, false) as is_by_gate,
        coalesce(lifecycle_events.begun_by_sales, false) as is_begun_by_sales,
        chained.is_handed_on and not chained.is_handed_on_at_once as is_handed_on,
        chained.ends_in_handoff,
        chained.next_stage_number as end_stage_number,
        chained.next_entered_at as ended_at,
        chained.next_entered_by as end_event
    from chained
    left join {{ policy('lifecycle_events') }} as lifecycle_events on chained.entered_by = lifecycle_events.event
    where
        not chained.ends_in_handoff
        or chained.next_entered_at > chained.entered_at

)

select * from handoffs
