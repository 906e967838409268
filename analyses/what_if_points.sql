-- How many leads would be in another band today if a signal gave other points?
-- The score is recomputed from the contributions that are alive, with caps, multiplier and
-- penalties: what a build with that row of signal_points.csv would say of scores. Stages are not
-- recomputed; for them build with the edited row and compare (leadq diff).
-- A signal that has no row of the model has no contributions, and the result no rows: build with one.
-- dbt show --limit 99 --select what_if_points --vars
--     '{what_if_model: guide, what_if_signal: pricing_page_visit, what_if_points: 20}'
{%- set model = var('what_if_model', 'guide') %}
{%- set signal = var('what_if_signal', 'pricing_page_visit') %}
{%- set points = var('what_if_points', 20) | int %}
with

scores as (

    select * from {{ ref('lead_qualification', 'lead_scores') }}
    where scoring_model = '{{ model }}'

),

scoring_models as (

    select * from {{ current_policy('scoring_models') }} as scoring_models

),

asked as (

    select
        scoring_model,
        signal,
        component,
        {{ points }} - points as added_points
    from {{ current_policy('signal_points') }} as signal_points
    where
        scoring_model = '{{ model }}'
        and signal = '{{ signal }}'

),

alive as (

    select
        ledger.lead_id,
        cast(count(*) as integer) as contributions
    from {{ ref('lead_qualification', 'lead_score_contributions') }} as ledger
    inner join asked
        on
            ledger.scoring_model = asked.scoring_model
            and ledger.component = asked.component
            and ledger.item = asked.signal
    where ledger.source not in ('fit_rules', 'recency_curve')
    group by ledger.lead_id

),

changes as (

    select
        scores.*,
        asked.component,
        asked.added_points * coalesce(alive.contributions, 0) as added_points
    from scores
    inner join asked on scores.scoring_model = asked.scoring_model
    left join alive on scores.lead_id = alive.lead_id

),

components as (

    select
        changes.lead_id,
        changes.is_primary,
        changes.score,
        changes.score_band,
        changes.fit_points,
        changes.behaviour_points_uncapped
        + case when changes.component = 'behaviour' then changes.added_points else 0 end as behaviour,
        changes.intent_points_uncapped
        + case when changes.component = 'intent' then changes.added_points else 0 end as intent,
        changes.recency_multiplier,
        changes.penalty_points
        + case when changes.component = 'penalty' then changes.added_points else 0 end as penalty_points,
        scoring_models.behaviour_cap,
        scoring_models.intent_cap,
        scoring_models.min_score
    from changes
    inner join scoring_models on changes.scoring_model = scoring_models.scoring_model

),

capped as (

    select
        *,
        {{ capped('behaviour', 'behaviour_cap') }} as behaviour_points,
        {{ capped('intent', 'intent_cap') }} as intent_points
    from components

),

scored as (

    select
        lead_id,
        is_primary,
        score,
        score_band,
        {{ score('fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'min_score') }} as score_then
    from capped

),

bands as (

    select
        score_band,
        min_score,
        lead(min_score) over (order by min_score) as below_score
    from {{ current_policy('score_bands') }} as score_bands
    where scoring_model = '{{ model }}'

),

banded as (

    select
        scored.*,
        bands.score_band as score_band_then,
        bands.min_score as min_score_then
    from scored
    inner join bands
        on
            scored.score_then >= bands.min_score
            and (scored.score_then < bands.below_score or bands.below_score is null)

),

counted as (

    select
        banded.score_band,
        banded.score_band_then,
        cast(count(*) as integer) as leads,
        cast(count(case when banded.is_primary then 1 end) as integer) as leads_of_primary,
        cast(count(case when banded.score <> banded.score_then then 1 end) as integer) as scores_changed,
        cast(avg(banded.score_then - banded.score) as decimal(18, 4)) as mean_change,
        bands.min_score as band_from,
        banded.min_score_then as band_then_from
    from banded
    inner join bands on banded.score_band = bands.score_band
    group by banded.score_band, banded.score_band_then, bands.min_score, banded.min_score_then

)

select * from counted
order by band_from, band_then_from
