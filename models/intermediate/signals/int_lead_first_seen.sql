{{ config(materialized='by_lead') }}

with

facts as (

    select
        lead_id,
        created_at as occurred_at
    from {{ rows_of_this_run('int_leads') }}
    where created_at is not null
    union all
    select
        lead_id,
        occurred_at
    from {{ rows_of_this_run('int_lead_signals') }}
    where
        origin <> 'third_party'
        and source <> 'derived_signals'
    union all
    select
        lead_id,
        occurred_at
    from {{ rows_of_this_run('int_crm_facts') }}
    where lead_id is not null and source <> 'opportunities'
    union all
    select
        members.lead_id,
        opportunities.created_at as occurred_at
    from {{ rows_of_this_run('int_deal_members', 'members') }}
    inner join {{ ref('lead_qualification', 'stg_crm__opportunities') }} as opportunities
        on members.opportunity_id = opportunities.opportunity_id
    where members.counts_from is null

),

first_seen as (

    select
        lead_id,
        min(occurred_at) as first_seen_at
    from facts
    group by lead_id

)

select * from first_seen
