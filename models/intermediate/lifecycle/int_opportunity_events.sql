{{ config(materialized='by_lead') }}

-- Opportunities created, won, and lost with no other deal of the lead open at that time: lost for the reason that the
-- CRM gives, where disposition_reasons.csv has it. Long because the three events of a deal are one list.
with

opportunities as (

    select * from {{ rows_of_this_run('int_opportunities') }}

),

others_open as (

    select distinct
        opportunities.lead_id,
        opportunities.opportunity_id
    from opportunities
    inner join opportunities as others
        on
            opportunities.lead_id = others.lead_id
            and opportunities.opportunity_id <> others.opportunity_id
            and opportunities.closed_at >= others.created_at
            and (opportunities.closed_at < others.closed_at or others.closed_at is null)

),

events as (

    select
        lead_id,
        opportunity_id,
        'opportunity_created' as event,
        created_at as occurred_at,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        counts_from
    from opportunities
    union all
    select
        lead_id,
        opportunity_id,
        'opportunity_won' as event,
        closed_at as occurred_at,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        counts_from
    from opportunities
    where is_won
    union all
    select
        opportunities.lead_id,
        opportunities.opportunity_id,
        'opportunity_lost' as event,
        opportunities.closed_at as occurred_at,
        opportunities.lost_reason,
        opportunities.counts_from
    from opportunities
    left join others_open
        on
            opportunities.lead_id = others_open.lead_id
            and opportunities.opportunity_id = others_open.opportunity_id
    where
        not opportunities.is_won
        and opportunities.closed_at is not null
        and others_open.opportunity_id is null

),

opportunity_events as (

    select
        events.lead_id,
        events.opportunity_id,
        events.event,
        events.occurred_at,
        case
            when events.event = 'opportunity_lost' then coalesce(lower(reasons.reason_code), {{ reason_of_role('closed_lost') }})
        end as reason_code
    from events
    left join {{ dated_policy('disposition_reasons') }} as reasons
        on
            events.lost_reason = lower(reasons.reason_code)
            {{ and_in_force('reasons', 'events.occurred_at') }}
    where events.counts_from is null or events.occurred_at >= events.counts_from

)

select * from opportunity_events
