{#- The lead record that a row of a raw table names, as an expression; null where it names none. -#}
{% macro lead_of_row(source_name, names) -%}
    {%- if source_name == 'attribute_changes' -%}
        case when object = 'lead' then record_id end
    {%- elif 'lead_id' in names -%}
        lead_id
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
