{#-
    What is wrong with a raw row. Each macro gives an expression that is null where all is well
    and a short reason where not; first_problem takes the first of several.
-#}

{% macro first_problem(problems) -%}
    {%- if problems | length == 1 -%}
        {{ problems[0] }}
    {%- else -%}
    coalesce(
        {%- for problem in problems %}
        {{ problem }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}


{% macro problem_if(condition, reason) -%}
    case when {{ condition }} then '{{ reason }}' end
{%- endmacro %}


{% macro problem_missing(column) -%}
    {{ lead_qualification.problem_if(column ~ ' is null', 'missing ' ~ column) }}
{%- endmacro %}


{#- A cell that holds something of which parsed_<column> could make nothing. Empty is not unreadable. -#}
{% macro problem_unreadable(column) -%}
    {{ lead_qualification.problem_if(
        column ~ ' is not null and parsed_' ~ column ~ ' is null', 'unreadable ' ~ column) }}
{%- endmacro %}


{#- A value outside a closed list; empty is not outside. -#}
{% macro problem_unknown(column, known) -%}
    {{ lead_qualification.problem_if(
        'lower(' ~ column ~ ") not in ('" ~ known | join("', '") ~ "')", 'unknown ' ~ column) }}
{%- endmacro %}
