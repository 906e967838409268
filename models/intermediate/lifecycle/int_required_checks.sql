{{ config(materialized='view') }}

-- What is required of each pair (scoring model and profile) that a lead ever has, [in_force_from, in_force_to).
{%- do needs('int_lead_profiles') %}
with

lead_pairs as (

    {{ lead_pairs() }}

),

pairs as (

    select distinct
        lead_id,
        scoring_model,
        profile
    from lead_pairs

),

required as (

    select
        pairs.lead_id,
        pairs.scoring_model,
        pairs.profile,
        requirements.check_name,
        requirements.events,
        requirements.min_value,
        requirements.in_force_from,
        requirements.in_force_to
    from pairs
    inner join {{ requirements_by_profile() }} as requirements on pairs.profile = requirements.profile

)

select * from required
