{{
    config(
        materialized='view',
        pre_hook=[
            "{{ lead_qualification.create_predictive_schema() }}",
            "{{ lead_qualification.create_predictive_table('lead_predictions') }}",
        ],
    )
}}

with

landed as (

    select * from {{ predictive_table('lead_predictions') }}

),

leads as (

    select lead_id from {{ ref('lead_qualification', 'int_leads') }}

),

-- A lead that was erased or merged since the command ran is not shown.
predictions as (

    select
        landed.lead_id,
        landed.evaluated_at,
        landed.probability,
        landed.decile,
        landed.reasons,
        landed.is_outcome_known,
        landed.is_in_training,
        landed.is_actionable,
        landed.model_version,
        landed.trained_at,
        landed.n_train,
        landed.as_of
    from landed
    inner join leads on landed.lead_id = leads.lead_id

)

select * from predictions
