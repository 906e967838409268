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
    where origin <> 'third_party'
    union all
    select
        lead_id,
        occurred_at
    from {{ rows_of_this_run('int_crm_facts') }}
    where lead_id is not null

),

first_seen as (

    select
        lead_id,
        min(occurred_at) as first_seen_at
    from facts
    group by lead_id

)

select * from first_seen
