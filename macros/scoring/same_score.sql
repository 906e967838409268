{#- Join condition: two relations speak of the same lead in the same scoring model. -#}
{% macro same_score(one, other) -%}
    {{ one }}.lead_id = {{ other }}.lead_id and {{ one }}.scoring_model = {{ other }}.scoring_model
{%- endmacro %}
