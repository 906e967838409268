{{ config(materialized='by_lead') }}

-- The derived signals that a lead had at its evaluation point: the patterns among its signals.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}
    where source = 'derived_signals'

),

completed as (

    select distinct
        signals.lead_id,
        signals.signal as pattern
    from signals
    inner join points
        on
            signals.lead_id = points.lead_id
            and signals.occurred_at <= points.evaluated_at

)

select * from completed
