{#- An aggregate: the value at a share of the sorted values, by linear interpolation; of doubles. -#}
{% macro percentile_cont(expression, share) -%}
    {{ return(adapter.dispatch('percentile_cont', 'lead_qualification')(expression, share)) }}
{%- endmacro %}

{% macro default__percentile_cont(expression, share) -%}
    percentile_cont({{ share }}) within group (order by {{ expression }})
{%- endmacro %}
