{#- A ratio of two counts, null where the denominator is 0. -#}
{% macro ratio(numerator, denominator) -%}
    cast(
            cast({{ numerator }} as {{ lead_qualification.type_double() }}) / nullif({{ denominator }}, 0)
            as decimal(18, 10)
        )
{%- endmacro %}


{#- Lower ('-') or upper ('+') bound of the 95 % Wilson interval of a ratio of counts. -#}
{% macro wilson_bound(numerator, denominator, side) -%}
    {%- set z = '1.959964' -%}
    {%- set n = 'cast(nullif(' ~ denominator ~ ', 0) as ' ~ lead_qualification.type_double() ~ ')' -%}
    {%- set p = '(' ~ numerator ~ ' / ' ~ n ~ ')' -%}
    cast(
            (
                {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
                {{ side }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }}))
            ) / (1 + {{ z }} * {{ z }} / {{ n }})
            as decimal(18, 10)
        )
{%- endmacro %}
