-- The smallest signal that would lift the main score of a lead into a higher band now.
with

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where is_primary

),

examples as (

    select
        lead_id,
        example_lead_id
    from {{ ref('lead_qualification', 'int_leads_if_engaged') }}

),

bands as (

    select * from {{ numbered_score_bands() }} as score_bands
    where
        period_from <= {{ as_of() }}
        and period_to > {{ as_of() }}

),

lifts as (

    select
        scores_if_engaged.lead_id,
        scores_if_engaged.signal,
        scores_if_engaged.score_after,
        bands.score_band as band_after,
        row_number() over (
            partition by scores_if_engaged.lead_id
            order by scores_if_engaged.points, {{ bytewise('scores_if_engaged.signal') }}
        ) as lift_rank
    from {{ ref('lead_qualification', 'int_scores_if_engaged') }} as scores_if_engaged
    inner join bands
        on
            scores_if_engaged.scoring_model = bands.scoring_model
            and scores_if_engaged.score_after >= bands.min_score
            and (scores_if_engaged.score_after < bands.below_score or bands.below_score is null)
    where scores_if_engaged.score < bands.min_score

),

next_bands as (

    select
        scores.lead_id,
        scores.scoring_model,
        scores.score,
        scores.score_band,
        lifts.signal,
        lifts.score_after,
        lifts.band_after
    from scores
    inner join examples on scores.lead_id = examples.lead_id
    left join lifts
        on
            examples.example_lead_id = lifts.lead_id
            and lifts.lift_rank = 1

)

select * from next_bands
