{{
    config(
        materialized='view',
        pre_hook=[
            "{{ lead_qualification.create_predictive_schema() }}",
            "{{ lead_qualification.create_predictive_table('prediction_measures') }}",
            "{{ lead_qualification.add_predictive_columns('prediction_measures') }}",
        ],
    )
}}
-- Two views at once would make the schema twice, which engines refuse.
-- depends_on: {{ ref('lead_qualification', 'predictions') }}
with

landed as (

    select * from {{ predictive_table('prediction_measures') }}

),

prediction_quality as (

    select
        estimator,
        bin_from,
        leads,
        converted,
        mean_probability,
        conversion_rate,
        conversion_low,
        conversion_high,
        auc,
        brier_score,
        log_loss,
        top_decile_lift,
        is_chosen,
        is_active,
        reason,
        leaks,
        n_train,
        n_held_out,
        train_until,
        model_version,
        trained_at,
        as_of
    from landed

)

select * from prediction_quality
