{#- A JSON object, as text, with the columns of the row under their names. -#}
{% macro json_object(columns) -%}
    {{ return(adapter.dispatch('json_object', 'lead_qualification')(columns)) }}
{%- endmacro %}

{% macro default__json_object(columns) -%}
    to_json(named_struct({{ lead_qualification.names_and_values(columns) }}))
{%- endmacro %}

{% macro duckdb__json_object(columns) -%}
    cast(json_object({{ lead_qualification.names_and_values(columns) }}) as varchar)
{%- endmacro %}

{% macro postgres__json_object(columns) -%}
    cast(json_build_object({{ lead_qualification.names_and_values(columns) }}) as text)
{%- endmacro %}

{% macro names_and_values(columns) -%}
    {%- for column in columns -%}
        '{{ column }}', {{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
