{{ config(materialized='ephemeral') }}

-- The attributes that fit rules may look at, one row each; a missing value is a null.
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
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from attributes
