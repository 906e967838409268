{{ config(materialized='by_lead') }}

-- Which models score which lead: its primary one, and each active one that knows a signal of it.
with

profiles as (

    select * from {{ rows_of_this_run('int_lead_profiles') }}

),

lead_signals as (

    select distinct
        lead_id,
        signal
    from {{ rows_of_this_run('int_lead_signals') }}

),

signal_points as (

    select * from {{ policy('signal_points') }}

),

scoring_models as (

    select * from {{ policy('scoring_models') }}
    where is_active

),

pairs as (

    select
        lead_id,
        scoring_model
    from profiles
    union distinct
    select
        lead_signals.lead_id,
        signal_points.scoring_model
    from lead_signals
    inner join signal_points on lead_signals.signal = signal_points.signal

),

lead_models as (

    select
        pairs.lead_id,
        pairs.scoring_model,
        {{ score_key('pairs') }} as score_key,
        profiles.scoring_model is not null as is_primary,
        scoring_models.dormancy_days
    from pairs
    inner join scoring_models on pairs.scoring_model = scoring_models.scoring_model
    left join profiles on {{ same_score('pairs', 'profiles') }}

)

select * from lead_models
