{{ config(materialized='by_lead') }}

-- What each scoring model said of a lead when sales first called, met or wrote to it. Automated e-mails do not count,
-- answered or not.
with

touches as (

    select
        lead_id,
        min(occurred_at) as touched_at
    from {{ rows_of_this_run('int_sales_activities') }}
    where
        activity_type in ('call', 'email', 'meeting')
        and not is_machine
    group by lead_id

),

timeline as (

    select * from {{ rows_of_this_run('int_score_timeline') }}

),

settings as (

    select cast({{ lifecycle_setting('calibration_bin_points') }} as integer) as bin_points

),

scores as (

    select
        touches.lead_id,
        timeline.scoring_model,
        touches.touched_at,
        timeline.score,
        cast(floor(timeline.score / settings.bin_points) * settings.bin_points as integer) as bin_from
    from touches
    inner join timeline
        on
            touches.lead_id = timeline.lead_id
            and touches.touched_at >= timeline.valid_from
            and (timeline.valid_to is null or touches.touched_at < timeline.valid_to)
    cross join settings

)

select * from scores
