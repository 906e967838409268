{{ config(materialized='ephemeral') }}

-- How far the bands of the scores of a month lie from those of the months before (PSI).
with

distribution as (

    select * from {{ ref('lead_qualification', 'score_distribution') }}
    where kind = 'score_band'

),

-- Half a lead more in every band, so that an empty one has a logarithm.
smoothed as (

    select
        scoring_model,
        month,
        earlier_month_leads,
        (leads + cast(0.5 as {{ type_double() }})) / (month_leads + 0.5 * count(*) over (partition by scoring_model, month)) as share,
        (earlier_leads + cast(0.5 as {{ type_double() }}))
        / (earlier_month_leads + 0.5 * count(*) over (partition by scoring_model, month)) as earlier_share
    from distribution

),

stability as (

    select
        scoring_model,
        month,
        cast(sum((share - earlier_share) * ln(share / earlier_share)) as {{ type_rate() }}) as population_stability_index
    from smoothed
    where earlier_month_leads > 0
    group by scoring_model, month

)

select * from stability
