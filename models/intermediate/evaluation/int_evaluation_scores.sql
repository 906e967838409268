{{ config(materialized='by_lead') }}

-- What each scoring model said of a lead at its evaluation point.
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

timeline as (

    select * from {{ rows_of_this_run('int_score_timeline') }}

),

settings as (

    select cast({{ lifecycle_setting('calibration_bin_points') }} as integer) as bin_points

),

scores as (

    select
        points.lead_id,
        points.scoring_model as champion,
        timeline.scoring_model,
        {{ month_of('points.evaluated_at') }} as evaluated_month,
        points.is_mature,
        points.is_converted,
        timeline.score,
        timeline.score_band,
        timeline.grade,
        cast(floor(timeline.score / settings.bin_points) * settings.bin_points as integer) as bin_from
    from points
    inner join timeline
        on
            points.lead_id = timeline.lead_id
            and points.evaluated_at >= timeline.valid_from
            and (timeline.valid_to is null or points.evaluated_at < timeline.valid_to)
    cross join settings

)

select * from scores
