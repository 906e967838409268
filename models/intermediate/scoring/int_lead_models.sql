{{ config(materialized='view') }}

-- Which models score which lead at as_of: its primary one, and each active one that knows a signal of it.
with

lead_models as (

    select
        stretches.lead_id,
        stretches.scoring_model,
        stretches.score_key,
        profiles.scoring_model is not null as is_primary,
        stretches.dormancy_days
    from {{ ref('lead_qualification', 'int_lead_model_stretches') }} as stretches
    left join {{ ref('lead_qualification', 'int_lead_profiles') }} as profiles on {{ same_score('stretches', 'profiles') }}
    where
        stretches.valid_from <= {{ as_of() }}
        and stretches.valid_to > {{ as_of() }}

)

select * from lead_models
