{{ config(materialized='by_lead') }}

-- How often and when last each signal reached a lead up to its evaluation point.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

lead_signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

counted as (

    select
        points.lead_id,
        lead_signals.signal,
        cast(count(*) as integer) as signals,
        max(lead_signals.occurred_at) as latest_at
    from points
    inner join lead_signals
        on
            points.lead_id = lead_signals.lead_id
            and points.evaluated_at >= lead_signals.occurred_at
    group by points.lead_id, lead_signals.signal

)

select * from counted
