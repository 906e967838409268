{{ config(materialized='by_lead') }}

-- Maximal runs of engagement for each dormancy_days in use: [starts_at, ends_at).
with

dormancies as (

    select distinct
        lead_id,
        dormancy_days
    from {{ rows_of_this_run('int_lead_model_stretches') }}
    where dormancy_days is not null

),

engagements as (

    select * from {{ rows_of_this_run('int_engagements') }}

),

marked as (

    select
        engagements.lead_id,
        dormancies.dormancy_days,
        engagements.engaged_at,
        case
            when engagements.engaged_at < {{ add_days('engagements.previous_engaged_at', 'dormancies.dormancy_days') }} then 0
            else 1
        end as begins_episode
    from engagements
    inner join dormancies on engagements.lead_id = dormancies.lead_id

),

numbered as (

    select
        *,
        sum(begins_episode) over (
            partition by lead_id, dormancy_days
            order by engaged_at
            rows between unbounded preceding and current row
        ) as episode_number
    from marked

),

episodes as (

    select
        lead_id,
        dormancy_days,
        cast(episode_number as integer) as episode_number,
        min(engaged_at) as starts_at,
        max(engaged_at) as last_engaged_at,
        {{ add_days('max(engaged_at)', 'dormancy_days') }} as ends_at
    from numbered
    group by lead_id, dormancy_days, episode_number

)

select * from episodes
