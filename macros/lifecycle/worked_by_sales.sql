{#- Whether sales works a stay in a stage: it owns disqualified too, but works nobody there. -#}
{% macro is_worked_by_sales(stage, owner) -%}
    {{ owner }} = 'sales' and {{ stage }} <> 'disqualified'
{%- endmacro %}
