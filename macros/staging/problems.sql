{#-
    What is wrong with a raw row. A problem is an expression that is null where all is well and a
    short reason where not; first_problem takes the first of several.
-#}

{% macro first_problem(problems) -%}
    {%- if not problems -%}
        cast(null as {{ dbt.type_string() }})
    {%- elif problems | length == 1 -%}
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


{#-
    The problems that the raw contract names: those that make a row unusable, or those that only
    make a value null. The key comes first, then the time of the record, then the other columns;
    negative amounts come last.
-#}
{% macro contract_problems(contract, of_row) %}
    {%- set first, others, problems = [], [], [] -%}
    {%- for column in contract.columns -%}
        {%- do (first if column.name in contract.key + [contract.happened] else others).append(column) -%}
    {%- endfor -%}
    {%- for column in first + others -%}
        {%- for fault in ['missing', 'unreadable', 'unknown'] if (fault in column.unusable_if) == of_row -%}
            {%- set condition = lead_qualification.fault_condition(column, fault) -%}
            {%- if condition -%}
                {%- do problems.append(lead_qualification.problem_if(condition, fault ~ ' ' ~ column.name)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for column in contract.columns if of_row and 'negative' in column.unusable_if -%}
        {%- do problems.append(lead_qualification.problem_if(
            'parsed_' ~ column.name ~ ' < 0', 'negative ' ~ column.name)) -%}
    {%- endfor -%}
    {{ return(problems) }}
{% endmacro %}


{#- The condition of a fault; none where a column cannot have it. An empty cell is missing, if that is a fault, and nothing else. -#}
{% macro fault_condition(column, fault) %}
    {%- if fault == 'missing' and fault in column.unusable_if -%}
        {{ return(column.name ~ ' is null') }}
    {%- elif fault == 'unreadable' and column.data_type != 'text' -%}
        {{ return(column.name ~ ' is not null and parsed_' ~ column.name ~ ' is null') }}
    {%- elif fault == 'unknown' and column.accepted -%}
        {{ return('not ' ~ lead_qualification.is_accepted(column)) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{#- Whether a cell holds a value of the closed list of its column; null where it is empty. -#}
{% macro is_accepted(column) -%}
    lower({{ column.name }}) in ('{{ column.accepted | join("', '") }}')
{%- endmacro %}
