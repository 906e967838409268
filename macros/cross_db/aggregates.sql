{#- An aggregate: the value at a share of the sorted values, by linear interpolation; of doubles. -#}
{% macro percentile_cont(expression, share) -%}
    {{ return(adapter.dispatch('percentile_cont', 'lead_qualification')(expression, share)) }}
{%- endmacro %}

{% macro default__percentile_cont(expression, share) -%}
    percentile_cont({{ share }}) within group (order by {{ expression }})
{%- endmacro %}


{#-
    A sum of points, counts or changes of a multiplier: few digits, at most four decimals. DuckDB adds
    whole numbers and decimals with 128 bits, which takes a third longer than doubles; those hold such
    sums exactly, or so close that a cast to four decimals gives them back.
-#}
{% macro small_sum(expression) -%}
    {{ return(adapter.dispatch('small_sum', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__small_sum(expression) -%}
    sum({{ expression }})
{%- endmacro %}

{% macro duckdb__small_sum(expression) -%}
    sum(cast({{ expression }} as double))
{%- endmacro %}
