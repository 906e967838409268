with

duels as (

    select * from {{ ref('lead_qualification', 'int_model_duels') }}

),

ranked as (

    select
        champion,
        scoring_model,
        is_score_of_champion,
        is_converted,
        {{ score_ranks(['champion', 'scoring_model', 'is_score_of_champion']) }}
    from duels

),

performance as (

    select
        champion,
        scoring_model,
        is_score_of_champion,
        {{ score_performance() }}
    from ranked
    group by champion, scoring_model, is_score_of_champion

),

lifts as (

    select
        *,
        {{ rate_with_interval('base_rate', 'converted', 'leads') }}
    from performance

),

comparison as (

    select
        challenger.champion,
        challenger.scoring_model,
        challenger.scoring_model = challenger.champion as is_champion,
        challenger.leads,
        challenger.converted,
        challenger.base_rate,
        challenger.base_low,
        challenger.base_high,
        challenger.auc,
        {{ auc_bound('challenger.auc', 'challenger.converted', 'challenger.leads', '-') }} as auc_low,
        {{ auc_bound('challenger.auc', 'challenger.converted', 'challenger.leads', '+') }} as auc_high,
        challenger.top_decile_rate,
        challenger.top_decile_lift,
        challenger.brier_score,
        champion.auc as champion_auc,
        champion.top_decile_lift as champion_top_decile_lift,
        champion.brier_score as champion_brier_score,
        cast(challenger.auc - champion.auc as {{ type_rate() }}) as auc_difference,
        {{ as_of() }} as as_of
    from lifts as challenger
    inner join lifts as champion
        on
            challenger.champion = champion.champion
            and challenger.scoring_model = champion.scoring_model
            and champion.is_score_of_champion
    where not challenger.is_score_of_champion

)

select * from comparison
