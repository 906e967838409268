{{ config(materialized='by_lead') }}

-- The periods, [valid_from, valid_to), of the leads that a model scores for their pairs alone, of one version of
-- the policy; every other score has no bounds. Several periods that touch are one. Long because both tracks
-- may name a model.
{%- do needs('int_lead_profiles') %}
with

lead_pairs as (

    select * from {{ rows_of_this_run('int_lead_pairs', 'lead_pairs') }}
    where {{ 'true' if has_bounded_scores() else 'false' }}

),

-- Of leads that a model does not score all the time for one pair.
bounded_pairs as (

    select
        lead_id,
        scoring_model
    from lead_pairs
    group by lead_id, scoring_model
    having count(case when valid_from = {{ beginning() }} and valid_to = {{ never() }} then 1 end) = 0

),

-- A signal that the model knows, at whatever time, makes it score the lead all the time.
scored_by_signals as (

    select distinct
        bounded_pairs.lead_id,
        bounded_pairs.scoring_model
    from bounded_pairs
    inner join {{ rows_of_this_run('int_lead_signals', 'signals') }} on bounded_pairs.lead_id = signals.lead_id
    inner join {{ current_policy('signal_points') }} as signal_points
        on
            bounded_pairs.scoring_model = signal_points.scoring_model
            and signals.signal = signal_points.signal

),

reaching as (

    select
        lead_pairs.lead_id,
        lead_pairs.scoring_model,
        lead_pairs.valid_from,
        lead_pairs.valid_to,
        max(lead_pairs.valid_to) over (
            partition by lead_pairs.lead_id, lead_pairs.scoring_model
            order by lead_pairs.valid_from, lead_pairs.valid_to
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from lead_pairs
    inner join bounded_pairs on {{ same_score('lead_pairs', 'bounded_pairs') }}
    left join scored_by_signals on {{ same_score('lead_pairs', 'scored_by_signals') }}
    where scored_by_signals.lead_id is null

),

numbered as (

    select
        *,
        sum(case when reached_before >= valid_from then 0 else 1 end) over (
            partition by lead_id, scoring_model
            order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as period_number
    from reaching

),

periods as (

    select
        numbered.lead_id,
        {{ score_key('numbered') }} as score_key,
        min(numbered.valid_from) as valid_from,
        max(numbered.valid_to) as valid_to
    from numbered
    group by numbered.lead_id, numbered.scoring_model, numbered.period_number

)

select * from periods
