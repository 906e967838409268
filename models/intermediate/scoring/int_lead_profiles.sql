{{ config(materialized='by_lead') }}

-- The primary scoring model and the qualification profile of each lead at as_of: its main pair.
{%- do needs('int_lead_pairs') %}
{%- do needs('int_leads') %}
-- depends_on: {{ ref('lead_qualification', 'int_data_health') }}
with

{% if has_changing_pairs() %}
profiles as (

    select
        lead_id,
        scoring_model,
        profile
    from {{ rows_of_this_run('int_lead_pairs') }}
    where
        track = 'main'
        and valid_from <= {{ as_of() }}
        and valid_to > {{ as_of() }}

)
{% else %}
leads as (

    select
        lead_id,
        motion
    from {{ rows_of_this_run('int_leads') }}

),

assignments as (

    select * from {{ current_policy('model_assignment') }} as model_assignment

),

ranked as (

    select
        leads.lead_id,
        assignments.scoring_model,
        assignments.profile,
        row_number() over (
            partition by leads.lead_id
            order by assignments.rule_order
        ) as assignment_rank
    from leads
    inner join assignments on assignments.motion is null or leads.motion = lower(assignments.motion)

),

profiles as (

    select
        lead_id,
        scoring_model,
        profile
    from ranked
    where assignment_rank = 1

)
{% endif %}
select * from profiles
