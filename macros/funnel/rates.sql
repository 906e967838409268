{#- A ratio of two counts, null where the denominator is 0. -#}
{% macro ratio(numerator, denominator) -%}
    {{ lead_qualification.as_rate(
        'cast(' ~ numerator ~ ' as ' ~ lead_qualification.type_double() ~ ') / nullif(' ~ denominator ~ ', 0)') }}
{%- endmacro %}


{#- Money by a count or by money, null where the denominator is 0. -#}
{% macro money_ratio(numerator, denominator) -%}
    cast(
            cast({{ numerator }} as {{ lead_qualification.type_double() }}) / nullif({{ denominator }}, 0)
            as {{ lead_qualification.type_money_ratio() }}
        )
{%- endmacro %}


{#- A double as a rate; null where it is as large as no rate can be, which no engine could store. -#}
{% macro as_rate(expression) -%}
    cast(
            case when abs({{ expression }}) < 100000000 then {{ expression }} end
            as {{ lead_qualification.type_rate() }}
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
            as {{ lead_qualification.type_rate() }}
        )
{%- endmacro %}


{#- select list items: a rate and the bounds of its interval, named after it. -#}
{% macro rate_with_interval(name, numerator, denominator) -%}
    {{ lead_qualification.ratio(numerator, '(' ~ denominator ~ ')') }} as {{ name }},
        {{ lead_qualification.wilson_bound(numerator, '(' ~ denominator ~ ')', '-') }} as {{ name | replace('_rate', '_low') }},
        {{ lead_qualification.wilson_bound(numerator, '(' ~ denominator ~ ')', '+') }} as {{ name | replace('_rate', '_high') }}
{%- endmacro %}


{#- A percentile between two values, by linear interpolation. -#}
{% macro percentile(column, share) -%}
    {{ lead_qualification.as_rate(
        lead_qualification.percentile_cont('cast(' ~ column ~ ' as ' ~ lead_qualification.type_double() ~ ')', share)) }}
{%- endmacro %}


{#- How many times as large one ratio of counts (a of n) is as another (c of m); null where c is 0. -#}
{% macro ratio_of_ratios(a, n, c, m) -%}
    {{ lead_qualification.as_rate(
        '(cast(' ~ a ~ ' as ' ~ lead_qualification.type_double() ~ ') / nullif(' ~ n ~ ', 0))'
        ~ ' / nullif(cast(' ~ c ~ ' as ' ~ lead_qualification.type_double() ~ ') / nullif(' ~ m ~ ', 0), 0)') }}
{%- endmacro %}


{#- Lower ('-') or upper ('+') bound of its 95 % interval (Katz, logarithmic); null where a count is 0. -#}
{% macro ratio_of_ratios_bound(a, n, c, m, side) -%}
    {%- set double = lead_qualification.type_double() -%}
    case
            when {{ a }} > 0 and {{ c }} > 0
                then cast(
                    exp(
                        ln((cast({{ a }} as {{ double }}) / {{ n }}) / (cast({{ c }} as {{ double }}) / {{ m }}))
                        {{ side }} 1.959964 * sqrt(
                            1 / cast({{ a }} as {{ double }}) - 1 / cast({{ n }} as {{ double }})
                            + 1 / cast({{ c }} as {{ double }}) - 1 / cast({{ m }} as {{ double }})
                        )
                    ) as {{ lead_qualification.type_rate() }}
                )
        end
{%- endmacro %}
