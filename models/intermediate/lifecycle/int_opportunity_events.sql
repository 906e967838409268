{{ config(materialized='by_lead') }}

-- Opportunities created, won, and lost with no other deal of the lead open at that time.
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
        counts_from
    from opportunities
    union all
    select
        lead_id,
        opportunity_id,
        'opportunity_won' as event,
        closed_at as occurred_at,
        counts_from
    from opportunities
    where is_won
    union all
    select
        opportunities.lead_id,
        opportunities.opportunity_id,
        'opportunity_lost' as event,
        opportunities.closed_at as occurred_at,
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
        lead_id,
        opportunity_id,
        event,
        occurred_at
    from events
    where counts_from is null or occurred_at >= counts_from

)

select * from opportunity_events
