{{ config(materialized='ephemeral') }}

-- The attributes that fit rules may look at, one row for each period, [valid_from, valid_to), in which one
-- has a value; a missing value is a null. Attributes of attributes.csv are known by their history alone.
with

leads as (

    select * from {{ ref('lead_qualification', 'int_leads') }}

),

attributes as (
    {% for attribute in fit_attributes() %}
    select
        lead_id,
        '{{ attribute }}' as attribute,
        lower(cast({{ attribute }} as {{ dbt.type_string() }})) as attribute_value
    from leads
    union all
    {%- endfor %}
    select
        leads.lead_id,
        custom_attributes.attribute,
        cast(null as {{ dbt.type_string() }}) as attribute_value
    from leads
    cross join {{ policy('attributes') }} as custom_attributes

),

{% if has_attribute_history() %}
stretches as (

    select
        attributes.lead_id,
        attributes.attribute,
        case when stretches.lead_id is null then attributes.attribute_value else lower(stretches.attribute_value) end
            as attribute_value,
        coalesce(stretches.valid_from, {{ beginning() }}) as valid_from,
        coalesce(stretches.valid_to, {{ never() }}) as valid_to
    from attributes
    left join {{ ref('lead_qualification', 'int_lead_attribute_stretches') }} as stretches
        on
            attributes.lead_id = stretches.lead_id
            and attributes.attribute = stretches.attribute

)
{% else %}
stretches as (

    select
        *,
        {{ beginning() }} as valid_from,
        {{ never() }} as valid_to
    from attributes

)
{% endif %}
select * from stretches
