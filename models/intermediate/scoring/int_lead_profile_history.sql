{{ config(materialized=kept_as_view()) }}

-- The primary scoring model and the qualification profile of each lead over time, [valid_from, valid_to): its
-- main pairs. Long because without conditions on the lead they follow from the policy alone.
{%- do needs('int_lead_profiles') %}
{%- do needs('int_leads') %}
with

{% if has_changing_pairs() %}
profiles as (

    select
        lead_id,
        scoring_model,
        profile,
        valid_from,
        valid_to
    from {{ ref('lead_qualification', 'int_lead_pairs') }}
    where track = 'main'

)
{% elif has_policy_versions() %}
leads as (

    select
        lead_id,
        motion
    from {{ ref('lead_qualification', 'int_leads') }}

),

ranked as (

    select
        leads.lead_id,
        assignments.scoring_model,
        assignments.profile,
        assignments.period_from as valid_from,
        assignments.period_to as valid_to,
        row_number() over (
            partition by leads.lead_id, assignments.period_from
            order by assignments.rule_order
        ) as assignment_rank
    from leads
    inner join {{ policy_by_period('model_assignment') }} as assignments
        on assignments.motion is null or leads.motion = lower(assignments.motion)

),

profiles as (

    select
        lead_id,
        scoring_model,
        profile,
        valid_from,
        valid_to
    from ranked
    where assignment_rank = 1

)
{% else %}
profiles as (

    select
        lead_id,
        scoring_model,
        profile,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from {{ ref('lead_qualification', 'int_lead_profiles') }}

)
{% endif %}
select * from profiles
