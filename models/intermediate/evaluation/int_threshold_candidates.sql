{{ config(materialized='ephemeral') }}

-- The score from which on enough leads convert, and the edge that best parts those that convert more from
-- those that convert less, of each model and basis. Long because both look at the same edges.
with

bins as (

    select * from {{ ref('lead_qualification', 'int_threshold_bins') }}

),

settings as (

    select
        cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample,
        cast({{ lifecycle_setting('threshold_target_rate') }} as {{ type_rate() }}) as target_rate

),

reaching as (

    select
        bins.basis,
        bins.scoring_model,
        min(bins.bin_from) as recommended_threshold
    from bins
    cross join settings
    where
        bins.cumulative_leads >= settings.minimum_sample
        and bins.cumulative_converted >= settings.target_rate * bins.cumulative_leads
    group by bins.basis, bins.scoring_model

),

edges as (

    select
        bins.*,
        bins.all_leads - bins.cumulative_leads as leads_below,
        bins.all_converted - bins.cumulative_converted as converted_below
    from bins
    cross join settings
    where
        bins.cumulative_leads >= settings.minimum_sample
        and bins.all_leads - bins.cumulative_leads >= settings.minimum_sample

),

gains as (

    select
        basis,
        scoring_model,
        bin_from,
        cast(
            {{ ratio('cumulative_converted', 'cumulative_leads') }} - {{ ratio('converted_below', 'leads_below') }}
            as decimal(18, 8)
        ) as jump_size,
        cast(
            2 * (
                {{ log_likelihood('cumulative_converted', 'cumulative_leads') }}
                + {{ log_likelihood('converted_below', 'leads_below') }}
                - {{ log_likelihood('all_converted', 'all_leads') }}
            )
            as {{ type_rate() }}
        ) as jump_gain
    from edges

),

ranked_steps as (

    select
        *,
        row_number() over (
            partition by basis, scoring_model
            order by jump_gain desc, bin_from asc
        ) as jump_rank
    from gains
    where
        jump_size > 0
        and jump_gain >= {{ certain_gain() }}

),

scored as (

    select distinct
        basis,
        scoring_model
    from bins

),

candidates as (

    select
        scored.basis,
        scored.scoring_model,
        reaching.recommended_threshold,
        ranked_steps.bin_from as jump_threshold,
        ranked_steps.jump_size,
        ranked_steps.jump_gain
    from scored
    left join reaching
        on
            scored.basis = reaching.basis
            and scored.scoring_model = reaching.scoring_model
    left join ranked_steps
        on
            scored.basis = ranked_steps.basis
            and scored.scoring_model = ranked_steps.scoring_model
            and ranked_steps.jump_rank = 1

)

select * from candidates
