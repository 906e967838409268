{{ config(materialized='ephemeral') }}

-- Leads that both their primary model (the champion) and another model scored, once with each of the two scores.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature

),

duels as (

    select
        lead_id,
        champion,
        scoring_model,
        false as is_score_of_champion,
        is_converted,
        score,
        bin_from
    from scores
    union all
    select
        scores.lead_id,
        scores.champion,
        scores.scoring_model,
        true as is_score_of_champion,
        scores.is_converted,
        champions.score,
        champions.bin_from
    from scores
    inner join scores as champions
        on
            scores.lead_id = champions.lead_id
            and scores.champion = champions.scoring_model

)

select * from duels
