{{ config(materialized='by_lead') }}

-- Each signal of a lead in each model that scores it, with the end of the episode around it.
with

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

lead_models as (

    select * from {{ rows_of_this_run('int_lead_models') }}

),

episodes as (

    select * from {{ rows_of_this_run('int_engagement_episodes') }}

),

signal_points as (

    select * from {{ policy('signal_points') }}

),

scored_signals as (

    select
        signals.lead_id,
        lead_models.scoring_model,
        lead_models.score_key,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.session_id,
        signals.asset,
        signals.occurred_at,
        signals.is_meaningful,
        signals.is_high_intent,
        signal_points.component,
        signal_points.points,
        signal_points.dedupe_by,
        signal_points.valid_days,
        signal_points.cleared_by,
        lead_models.dormancy_days is null or episodes.lead_id is not null as is_in_episode,
        episodes.ends_at as episode_ends_at
    from signals
    inner join lead_models on signals.lead_id = lead_models.lead_id
    left join signal_points
        on
            lead_models.scoring_model = signal_points.scoring_model
            and signals.signal = signal_points.signal
    left join episodes
        on
            signals.lead_id = episodes.lead_id
            and lead_models.dormancy_days = episodes.dormancy_days
            and signals.occurred_at >= episodes.starts_at
            and signals.occurred_at < episodes.ends_at
    where signal_points.signal is not null or signals.is_meaningful or signals.is_high_intent

)

select * from scored_signals
