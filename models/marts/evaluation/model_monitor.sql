-- How each model did each month against the months before. Long by its columns: the contract has
-- 23.
with

scores as (

    select * from {{ ref('lead_qualification', 'int_evaluation_scores') }}
    where is_mature

),

settings as (

    select cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample

),

ranked as (

    select
        scoring_model,
        evaluated_month,
        is_converted,
        {{ score_ranks(['scoring_model', 'evaluated_month']) }}
    from scores

),

performance as (

    select
        scoring_model,
        evaluated_month as month,
        {{ score_performance() }}
    from ranked
    group by scoring_model, evaluated_month

),

compared as (

    select
        months.scoring_model,
        months.month,
        months.leads,
        months.mature_leads,
        months.converted,
        performance.auc,
        performance.top_decile_rate,
        performance.top_decile_lift,
        performance.brier_score,
        cast(months.score_sum / months.leads as {{ type_rate() }}) as mean_score,
        cast(months.earlier_leads as integer) as earlier_leads,
        cast(months.earlier_score_sum / nullif(months.earlier_leads, 0) as {{ type_rate() }}) as earlier_mean_score,
        cast(
            (months.score_sum / months.leads - months.earlier_score_sum / nullif(months.earlier_leads, 0))
            / nullif(sqrt(
                {{ variance_of_mean('months.leads', 'months.score_sum', 'months.score_square_sum') }}
                + {{ variance_of_mean('months.earlier_leads', 'months.earlier_score_sum', 'months.earlier_score_square_sum') }}
            ), 0)
            as {{ type_rate() }}
        ) as mean_score_z,
        cast(months.earlier_mature_leads as integer) as earlier_mature_leads,
        cast(months.earlier_converted as integer) as earlier_converted,
        {{ proportions_z('months.converted', 'months.mature_leads', 'months.earlier_converted', 'months.earlier_mature_leads') }}
            as rate_z,
        stability.population_stability_index
    from {{ ref('lead_qualification', 'int_score_months') }} as months
    left join performance
        on
            months.scoring_model = performance.scoring_model
            and months.month = performance.month
    left join {{ ref('lead_qualification', 'int_score_stability') }} as stability
        on
            months.scoring_model = stability.scoring_model
            and months.month = stability.month

),

monitored as (

    select
        compared.scoring_model,
        compared.month,
        compared.leads,
        compared.mature_leads,
        compared.converted,
        {{ rate_with_interval('base_rate', 'compared.converted', 'compared.mature_leads') }},
        compared.auc,
        compared.top_decile_rate,
        compared.top_decile_lift,
        compared.brier_score,
        compared.mean_score,
        compared.earlier_leads,
        compared.earlier_mean_score,
        compared.mean_score_z,
        {{ verdict_of_z('compared.mean_score_z', 'compared.leads', 'compared.earlier_leads', 'higher', 'lower', 'stable') }}
            as score_verdict,
        compared.earlier_mature_leads,
        compared.earlier_converted,
        {{ ratio('compared.earlier_converted', 'compared.earlier_mature_leads') }} as earlier_rate,
        compared.rate_z,
        {{ verdict_of_z('compared.rate_z', 'compared.mature_leads', 'compared.earlier_mature_leads', 'higher', 'lower', 'stable') }}
            as rate_verdict,
        compared.population_stability_index,
        {{ as_of() }} as as_of
    from compared
    cross join settings

)

select * from monitored
