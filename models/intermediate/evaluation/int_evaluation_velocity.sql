{{ config(materialized='by_lead') }}

-- Meaningful signals in the days before the evaluation point; every point has a row.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}
    where is_meaningful

),

velocity as (

    select
        points.lead_id,
        cast(count(
            case when signals.occurred_at > {{ add_days('points.evaluated_at', '-7') }} then 1 end
        ) as integer) as meaningful_7_days,
        cast(count(
            case when signals.occurred_at > {{ add_days('points.evaluated_at', '-30') }} then 1 end
        ) as integer) as meaningful_30_days
    from points
    left join signals
        on
            points.lead_id = signals.lead_id
            and points.evaluated_at >= signals.occurred_at
    group by points.lead_id

)

select * from velocity
