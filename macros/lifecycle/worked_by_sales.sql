{#- Whether sales works a stay in a stage: it owns disqualified too, but works nobody there. -#}
{% macro is_worked_by_sales(owner, role) -%}
    {{ owner }} = 'sales' and coalesce({{ role }} <> 'disqualified', true)
{%- endmacro %}
