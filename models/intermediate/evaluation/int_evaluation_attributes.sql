{{ config(materialized='ephemeral') }}

-- The attributes of a lead that a prediction may use, one row each; the grade is that of the evaluation point,
-- and so are the attributes of attributes.csv. Long because what describes a lead stands in five tables.
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

lead_profiles as (

    {{ lead_profiles() }}

),

attributes_then as (

    {{ attributes_at('points', [], 'evaluated_at') }}

),

{% if has_changing_pairs() %}
second_entries as (

    select
        lead_id,
        stage,
        entered_at,
        min(profile) as profile
    from {{ rows_of_this_run('int_second_pair_entries') }}
    group by lead_id, stage, entered_at

),
{% endif %}
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
        attributes_then.company_segment,
        upper(attributes_then.country) as country,
        attributes_then.industry,
        leads.email_domain_kind,
        scores.grade,
        {{ of_deciding_pair('profile') }} as profile
    from points
    inner join leads on points.lead_id = leads.lead_id
    inner join attributes_then on points.lead_id = attributes_then.lead_id
    inner join lead_profiles
        on
            points.lead_id = lead_profiles.lead_id
            {{ and_profile_at('points.evaluated_at') }}
    {%- if has_changing_pairs() %}
    left join second_entries
        on
            points.lead_id = second_entries.lead_id
            and points.evaluated_stage = second_entries.stage
            and points.evaluated_at = second_entries.entered_at
    {%- endif %}
    inner join scores on points.lead_id = scores.lead_id

),

attributes as (
    {% for attribute in attributes %}
    select
        lead_id,
        '{{ attribute }}' as attribute,
        cast({{ attribute }} as {{ dbt.type_string() }}) as attribute_value
    from described
    union all
    {%- endfor %}
    select
        points.lead_id,
        stretches.attribute,
        stretches.attribute_value
    from points
    inner join {{ rows_of_this_run('int_lead_attribute_stretches', 'stretches') }}
        on
            points.lead_id = stretches.lead_id
            and {{ is_valid_at('stretches', 'points.evaluated_at') }}
    inner join {{ policy('attributes') }} as custom_attributes on stretches.attribute = custom_attributes.attribute
    where custom_attributes.is_feature

)

select * from attributes
