{#- A decimal with four places as text, without the zeros at its end: 66, 85.5, -0.1335. -#}
{% macro plain_number(expression) -%}
    case
        {%- for places in range(4) %}
        when {{ expression }} = cast({{ expression }} as decimal(18, {{ places }}))
            then cast(cast({{ expression }} as decimal(18, {{ places }})) as {{ dbt.type_string() }})
        {%- endfor %}
        else cast(cast({{ expression }} as decimal(18, 4)) as {{ dbt.type_string() }})
    end
{%- endmacro %}


{#- The same with a sign before what is above 0. -#}
{% macro signed_number(expression) -%}
    case when {{ expression }} > 0 then '+' else '' end || {{ lead_qualification.plain_number(expression) }}
{%- endmacro %}


{#- Texts with a separator between them; nulls are left out, and an empty text is what remains of nothing but them. -#}
{% macro texts_in_a_row(expressions, separator='; ') -%}
    substr(
        {%- for expression in expressions %}
        {{ '|| ' if not loop.first }}coalesce('{{ separator }}' || {{ expression }}, '')
        {%- endfor %},
        {{ separator | length + 1 }}
    )
{%- endmacro %}


{#- Points of a component of a score as they count: in whole numbers, and then as a decimal. -#}
{% macro points_times_multiplier(points, multiplier) -%}
    cast(cast({{ points }} as decimal(9, 0)) * cast({{ multiplier }} as decimal(9, 4)) as decimal(18, 4))
{%- endmacro %}


{#- What a step of the score timeline is explained by; each is a column of int_score_timeline. -#}
{% macro step_values() %}
    {{ return(['fit_points', 'behaviour_points', 'intent_points', 'recency_multiplier', 'penalty_points', 'score']) }}
{% endmacro %}
