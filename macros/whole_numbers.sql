{#- A select of the whole numbers from first to last, as the column number. -#}
{% macro whole_numbers(first, last) -%}
    select cast(number as integer) as number
    from (values {% for number in range(first, last + 1) %}({{ number }}){{ ', ' if not loop.last }}{% endfor %}) as listed (number)
{%- endmacro %}
