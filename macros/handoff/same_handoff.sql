{#- Join condition: two relations speak of the same hand-off. -#}
{% macro same_handoff(one, other) -%}
    {{ one }}.lead_id = {{ other }}.lead_id and {{ one }}.handoff_number = {{ other }}.handoff_number
{%- endmacro %}
