{#- Standard errors from which on a difference counts where some forty things are looked at at once (99.9 %). -#}
{% macro certain_z() -%}
    3.29
{%- endmacro %}


{#- z of the difference of two proportions, a of n and c of m, pooled; null where nothing can be said. -#}
{% macro proportions_z(a, n, c, m) -%}
    {%- set double = lead_qualification.type_double() -%}
    {%- set pooled = '(cast(' ~ a ~ ' + ' ~ c ~ ' as ' ~ double ~ ') / nullif(' ~ n ~ ' + ' ~ m ~ ', 0))' -%}
    cast(
            (cast({{ a }} as {{ double }}) / nullif({{ n }}, 0) - cast({{ c }} as {{ double }}) / nullif({{ m }}, 0))
            / nullif(sqrt(
                {{ pooled }} * (1 - {{ pooled }})
                * (1 / cast(nullif({{ n }}, 0) as {{ double }}) + 1 / cast(nullif({{ m }}, 0) as {{ double }}))
            ), 0)
            as {{ lead_qualification.type_rate() }}
        )
{%- endmacro %}


{#- What a z says: insufficient_data, above, below or same. A sample is enough from minimum_sample on. -#}
{% macro verdict_of_z(z, sample, other_sample, above, below, same) -%}
    case
            when
                {{ sample }} < settings.minimum_sample or {{ other_sample }} < settings.minimum_sample or {{ z }} is null
                then 'insufficient_data'
            when {{ z }} >= {{ lead_qualification.certain_z() }} then '{{ above }}'
            when {{ z }} <= -{{ lead_qualification.certain_z() }} then '{{ below }}'
            else '{{ same }}'
        end
{%- endmacro %}


{#- Lower ('-') or upper ('+') bound of the 95 % interval of an AUC (Hanley and McNeil, 1982). -#}
{% macro auc_bound(auc, converted, leads, side) -%}
    {%- set double = lead_qualification.type_double() -%}
    {%- set a = 'cast(' ~ auc ~ ' as ' ~ double ~ ')' -%}
    cast(
            {{ a }} {{ side }} 1.959964 * sqrt(
                (
                    {{ a }} * (1 - {{ a }})
                    + ({{ converted }} - 1) * ({{ a }} / (2 - {{ a }}) - {{ a }} * {{ a }})
                    + ({{ leads }} - {{ converted }} - 1) * (2 * {{ a }} * {{ a }} / (1 + {{ a }}) - {{ a }} * {{ a }})
                ) / (cast({{ converted }} as {{ double }}) * ({{ leads }} - {{ converted }}))
            ) as {{ lead_qualification.type_rate() }}
        )
{%- endmacro %}


{#- Twice a gain in log-likelihood from which on a step is one (chi-square with one degree of freedom, 99.9 %). -#}
{% macro certain_gain() -%}
    10.83
{%- endmacro %}


{#- Log-likelihood of a count of conversions at their own rate; 0 where all or none converted. -#}
{% macro log_likelihood(converted, leads) -%}
    {%- set double = lead_qualification.type_double() -%}
    case
                    when {{ converted }} > 0 and {{ converted }} < {{ leads }}
                        then {{ converted }} * ln(cast({{ converted }} as {{ double }}) / {{ leads }})
                            + ({{ leads }} - {{ converted }}) * ln(cast({{ leads }} - {{ converted }} as {{ double }}) / {{ leads }})
                    else 0
                end
{%- endmacro %}
