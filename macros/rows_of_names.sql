{#- A select of names, one row each, as a column. -#}
{% macro rows_of_names(names, column) -%}
    select cast({{ column }} as {{ dbt.type_string() }}) as {{ column }}
    from {{ lead_qualification.listed_texts(names, 'listed', column) }}
{%- endmacro %}


{#- What the name in a column stands for: values are expressions by name; null for any other name. -#}
{% macro value_of_name(column, values) -%}
    case {{ column }}
        {%- for name, value in values.items() %}
            when '{{ name }}' then {{ value }}
        {%- endfor %}
        end
{%- endmacro %}


{#- A relation of texts in one column, as it stands after from or join. -#}
{% macro listed_texts(texts, relation, column) -%}
    {%- set rows = [] -%}
    {%- for text in texts -%}
        {%- do rows.append([lead_qualification.text_literal(text)]) -%}
    {%- endfor -%}
    {{ return(lead_qualification.listed_rows(rows, relation, [column])) }}
{%- endmacro %}
