{#- A select of names, one row each, as a column. -#}
{% macro rows_of_names(names, column) -%}
    select cast({{ column }} as {{ dbt.type_string() }}) as {{ column }}
    from (values {% for name in names %}('{{ name }}'){{ ', ' if not loop.last }}{% endfor %}) as listed ({{ column }})
{%- endmacro %}
