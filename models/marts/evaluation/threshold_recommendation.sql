-- Where the threshold of each model should be. Long by its columns: four thresholds with counts and
-- rates.
with

bins as (

    select * from {{ ref('lead_qualification', 'int_threshold_bins') }}

),

totals as (

    select * from {{ ref('lead_qualification', 'int_threshold_totals') }}

),

settings as (

    select
        cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample,
        cast({{ lifecycle_setting('calibration_bin_points') }} as integer) as bin_points,
        cast({{ lifecycle_setting('threshold_target_rate') }} as {{ type_rate() }}) as target_rate

),

thresholds as (

    select
        totals.*,
        {{ auc_bound('totals.auc', 'totals.converted', 'totals.leads', '-') }} as auc_low,
        {{ auc_bound('totals.auc', 'totals.converted', 'totals.leads', '+') }} as auc_high,
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
        on
            totals.basis = candidates.basis
            and totals.scoring_model = candidates.scoring_model
    left join bins as recommended
        on
            candidates.basis = recommended.basis
            and candidates.scoring_model = recommended.scoring_model
            and candidates.recommended_threshold = recommended.bin_from
    left join bins as jumped
        on
            candidates.basis = jumped.basis
            and candidates.scoring_model = jumped.scoring_model
            and candidates.jump_threshold = jumped.bin_from

),

recommendations as (

    select
        scoring_model,
        basis,
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
        auc,
        auc_low,
        auc_high,
        case
            when leads < minimum_sample then 'insufficient_data'
            when has_one_score or (auc_low <= 0.5 and auc_high >= 0.5) then 'no_separation'
            when recommended_threshold is null then 'unreachable'
            when current_threshold >= recommended_threshold + bin_points then 'lower'
            when current_threshold < recommended_threshold then 'raise'
            else 'keep'
        end as verdict,
        {{ as_of() }} as as_of
    from thresholds

)

select * from recommendations
