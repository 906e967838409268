-- How often and when last each signal reached a lead up to its evaluation point.
with

points as (

    select * from {{ ref('evaluation_points') }}

),

signals as (

    select * from {{ ref('int_signals') }}

),

counted as (

    select
        points.lead_id,
        signals.signal,
        cast(count(*) as integer) as signals,
        max(signals.occurred_at) as latest_at
    from points
    inner join signals
        on
            points.lead_id = signals.lead_id
            and points.evaluated_at >= signals.occurred_at
    group by points.lead_id, signals.signal

)

select * from counted
