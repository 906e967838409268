{{ config(materialized='ephemeral') }}

-- The scoring model of accounts: the one that inbound leads get of whom nothing
-- else is known. One row.
with

ranked as (

    select
        model_assignment.scoring_model,
        row_number() over (order by model_assignment.rule_order) as rule_rank
    from {{ current_policy('model_assignment') }} as model_assignment
    where
        {{ track_of('model_assignment') }} = 'main'
        and {{ meets_condition("'inbound'", 'model_assignment.motion') }}
        and {{ asks_for_motion_alone('model_assignment') }}

),

account_model as (

    select
        scoring_models.scoring_model,
        scoring_models.intent_cap
    from ranked
    inner join {{ current_policy('scoring_models') }} as scoring_models on ranked.scoring_model = scoring_models.scoring_model
    where ranked.rule_rank = 1

)

select * from account_model
