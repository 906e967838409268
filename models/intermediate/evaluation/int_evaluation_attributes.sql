{{ config(materialized='ephemeral') }}

-- The attributes of a lead that a prediction may use, one row each; the grade is that of the evaluation point.
{%- set attributes = [
    'channel', 'motion', 'intent_class', 'company_segment', 'country', 'industry', 'email_domain_kind', 'grade', 'profile'
] %}
with

points as (

    select * from {{ rows_of_this_run('evaluation_points') }}

),

leads as (

    select * from {{ rows_of_this_run('int_leads') }}

),

profiles as (

    select * from {{ rows_of_this_run('int_lead_profiles') }}

),

scores as (

    select * from {{ rows_of_this_run('int_evaluation_scores') }}
    where scoring_model = champion

),

described as (

    select
        points.lead_id,
        leads.channel,
        leads.motion,
        leads.intent_class,
        leads.company_segment,
        upper(leads.country) as country,
        leads.industry,
        leads.email_domain_kind,
        scores.grade,
        profiles.profile
    from points
    inner join leads on points.lead_id = leads.lead_id
    inner join profiles on points.lead_id = profiles.lead_id
    inner join scores on points.lead_id = scores.lead_id

),

attributes as (
    {% for attribute in attributes %}
    select
        lead_id,
        '{{ attribute }}' as attribute,
        cast({{ attribute }} as {{ dbt.type_string() }}) as attribute_value
    from described
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from attributes
