{{ config(materialized='ephemeral') }}

-- The score from which on enough leads convert, and the one at which conversion rises most, of each model.
with

calibration as (

    select * from {{ ref('lead_qualification', 'score_calibration') }}

),

settings as (

    select
        cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample,
        cast({{ lifecycle_setting('threshold_target_rate') }} as {{ type_rate() }}) as target_rate

),

reaching as (

    select
        calibration.scoring_model,
        min(calibration.bin_from) as recommended_threshold
    from calibration
    cross join settings
    where
        calibration.cumulative_leads >= settings.minimum_sample
        and calibration.cumulative_converted >= settings.target_rate * calibration.cumulative_leads
    group by calibration.scoring_model

),

steps as (

    select
        calibration.scoring_model,
        calibration.bin_from,
        cast(
            calibration.conversion_rate - lag(calibration.conversion_rate) over (
                partition by calibration.scoring_model
                order by calibration.bin_from
            ) as decimal(18, 8)
        ) as jump_size
    from calibration
    cross join settings
    where calibration.leads >= settings.minimum_sample

),

ranked_steps as (

    select
        *,
        row_number() over (partition by scoring_model order by jump_size desc, bin_from asc) as jump_rank
    from steps
    where jump_size > 0

),

scoring_models as (

    select distinct scoring_model from calibration

),

candidates as (

    select
        scoring_models.scoring_model,
        reaching.recommended_threshold,
        ranked_steps.bin_from as jump_threshold,
        ranked_steps.jump_size
    from scoring_models
    left join reaching on scoring_models.scoring_model = reaching.scoring_model
    left join ranked_steps on scoring_models.scoring_model = ranked_steps.scoring_model and ranked_steps.jump_rank = 1

)

select * from candidates
