{{ config(materialized='by_lead') }}

-- The instants at which a lead engaged, each with the one before and the one after.
with

instants as (

    select distinct
        lead_id,
        occurred_at
    from {{ rows_of_this_run('int_lead_signals') }}
    where is_engagement

),

engagements as (

    select
        lead_id,
        occurred_at as engaged_at,
        lag(occurred_at) over (
            partition by lead_id
            order by occurred_at
        ) as previous_engaged_at,
        lead(occurred_at) over (
            partition by lead_id
            order by occurred_at
        ) as next_engaged_at
    from instants

)

select * from engagements
