{#- Join condition: two relations speak of the same lead in the same scoring model. -#}
{% macro same_score(one, other) -%}
    {{ one }}.lead_id = {{ other }}.lead_id and {{ one }}.scoring_model = {{ other }}.scoring_model
{%- endmacro %}


{#-
    A whole number that stands for a lead in a scoring model, always the same: far cheaper to join
    and sort by than the two texts.
-#}
{% macro score_key(relation) -%}
    {{ lead_qualification.stable_key(relation ~ ".lead_id || ' ' || " ~ relation ~ '.scoring_model') }}
{%- endmacro %}
