-- Where the threshold of each model should be. Long by its columns: four thresholds with counts and
-- rates.
with

calibration as (

    select * from {{ ref('lead_qualification', 'score_calibration') }}

),

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature

),

current_thresholds as (

    select
        scoring_model,
        min(min_score) as current_threshold
    from {{ current_policy('score_bands') }} as score_bands
    where is_qualifying
    group by scoring_model

),

settings as (

    select
        cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample,
        cast({{ lifecycle_setting('calibration_bin_points') }} as integer) as bin_points,
        cast({{ lifecycle_setting('threshold_target_rate') }} as {{ type_rate() }}) as target_rate

),

totals as (

    select
        scores.scoring_model,
        current_thresholds.current_threshold,
        cast(count(*) as integer) as leads,
        cast(count(case when scores.is_converted then 1 end) as integer) as converted,
        cast(count(case when scores.score >= current_thresholds.current_threshold then 1 end) as integer) as current_leads,
        cast(count(
            case when scores.is_converted and scores.score >= current_thresholds.current_threshold then 1 end
        ) as integer) as current_converted
    from scores
    left join current_thresholds on scores.scoring_model = current_thresholds.scoring_model
    group by scores.scoring_model, current_thresholds.current_threshold

),

thresholds as (

    select
        totals.*,
        settings.minimum_sample,
        settings.bin_points,
        settings.target_rate,
        candidates.recommended_threshold,
        recommended.cumulative_leads as recommended_leads,
        recommended.cumulative_converted as recommended_converted,
        candidates.jump_threshold,
        candidates.jump_size,
        jumped.cumulative_leads as jump_leads,
        jumped.cumulative_converted as jump_converted
    from totals
    cross join settings
    left join {{ ref('lead_qualification', 'int_threshold_candidates') }} as candidates
        on totals.scoring_model = candidates.scoring_model
    left join calibration as recommended
        on totals.scoring_model = recommended.scoring_model and candidates.recommended_threshold = recommended.bin_from
    left join calibration as jumped
        on totals.scoring_model = jumped.scoring_model and candidates.jump_threshold = jumped.bin_from

),

recommendations as (

    select
        scoring_model,
        leads,
        converted,
        {{ rate_with_interval('base_rate', 'converted', 'leads') }},
        target_rate,
        current_threshold,
        current_leads,
        current_converted,
        {{ rate_with_interval('current_rate', 'current_converted', 'current_leads') }},
        recommended_threshold,
        recommended_leads,
        recommended_converted,
        {{ rate_with_interval('recommended_rate', 'recommended_converted', 'recommended_leads') }},
        jump_threshold,
        jump_size,
        jump_leads,
        jump_converted,
        {{ rate_with_interval('jump_rate', 'jump_converted', 'jump_leads') }},
        case
            when leads < minimum_sample then 'insufficient_data'
            when recommended_threshold is null then 'unreachable'
            when current_threshold >= recommended_threshold + bin_points then 'lower'
            when current_threshold < recommended_threshold then 'raise'
            else 'keep'
        end as verdict,
        {{ as_of() }} as as_of
    from thresholds

)

select * from recommendations
