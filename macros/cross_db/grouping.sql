{#- In a group by: every combination of the columns and their totals; a null is the total. -#}
{% macro cube(columns) -%}
    cube ({{ columns | join(', ') }})
{%- endmacro %}
