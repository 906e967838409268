{#-
    What is wrong with a raw row. A problem is an expression that is null where all is well and a
    short reason where not: the fault, then the column.
-#}

{#- The first of several problems. -#}
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


{#- All of several problems as one text, | between; null where there is none. -#}
{% macro all_problems(problems) -%}
    {%- if not problems -%}
        cast(null as {{ dbt.type_string() }})
    {%- else -%}
    nullif(substr(
        {%- for problem in problems %}
        coalesce('|' || {{ problem }}, ''){{ ' ||' if not loop.last }}
        {%- endfor %},
        2
    ), '')
    {%- endif -%}
{%- endmacro %}


{% macro problem_if(condition, reason) -%}
    case when {{ condition }} then '{{ reason }}' end
{%- endmacro %}


{#-
    The problems that the raw contract names: those that make a row unusable, or those that only
    change a value. The key comes first, then the time of the record, then the other columns;
    negative amounts come last.
-#}
{% macro contract_problems(contract, of_row) %}
    {%- set first, others, problems = [], [], [] -%}
    {%- for column in contract.columns -%}
        {%- do (first if column.name in contract.key + [contract.happened] else others).append(column) -%}
    {%- endfor -%}
    {%- for column in first + others -%}
        {%- set of_column = column.unusable_if + (['unreadable'] if column.name in contract.key else []) -%}
        {%- for fault in ['missing', 'unreadable', 'unknown', 'implausible'] -%}
            {%- set condition = lead_qualification.fault_condition(contract, column, fault) -%}
            {%- if condition and (fault in of_column) == of_row -%}
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


{#-
    The condition of a fault; none where a column cannot have it. An empty cell is missing, if that
    is a fault, and nothing else. Implausible is what happened before the var earliest_plausible.
-#}
{% macro fault_condition(contract, column, fault) %}
    {%- set is_read = column.data_type != 'text' or column.kind in ('address', 'domain', 'identifier') -%}
    {%- if fault == 'missing' and fault in column.unusable_if -%}
        {{ return(column.name ~ ' is null') }}
    {%- elif fault in ('unreadable', 'unknown') and column.kind == 'attribute_value' -%}
        {{ return(lead_qualification.is_faulty_value(column.name, fault)) }}
    {%- elif fault == 'unreadable' and is_read -%}
        {{ return(column.name ~ ' is not null and parsed_' ~ column.name ~ ' is null') }}
    {%- elif fault == 'unknown' and (column.accepted or column.kind == 'country') -%}
        {{ return(column.name ~ ' is not null and parsed_' ~ column.name ~ ' is null') }}
    {%- elif fault == 'implausible' and column.name == contract.happened -%}
        {{ return('parsed_' ~ column.name ~ ' < ' ~ lead_qualification.earliest_plausible(column.data_type)) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{#- The var earliest_plausible as a literal. -#}
{% macro earliest_plausible(data_type='timestamp') -%}
    cast({{ lead_qualification.text_literal(var('earliest_plausible')) }} as {{ data_type }})
{%- endmacro %}


{#- Whether a cell holds a value of the closed list of its column; null where it is empty. -#}
{% macro is_accepted(column) -%}
    lower({{ column.name }}) in ('{{ column.accepted | join("', '") }}')
{%- endmacro %}


{#- Whether a column that is a matter of safety is there and cannot be read. -#}
{% macro hides_older(contract) -%}
    {%- set conditions = [] -%}
    {%- for column in contract.columns if column.is_safety -%}
        {%- do conditions.append('(' ~ lead_qualification.fault_condition(contract, column, 'unreadable') ~ ')') -%}
    {%- endfor -%}
    {{ '(' ~ conditions | join(' or ') ~ ')' if conditions else 'false' }}
{%- endmacro %}


{#-
    What of a row with a fault may be kept: its key, its times, and those cells that could not be
    read, but for what the contract calls personal; as JSON. With the var quarantine_whole_rows
    the whole row.
-#}
{% macro kept_of_row(contract) -%}
    {%- if var('quarantine_whole_rows', false) -%}
        {{ lead_qualification.json_object(contract.required + contract.optional) }}
    {%- else -%}
        {%- set members = {} -%}
        {%- for column in contract.columns -%}
            {%- if column.name in contract.key or column.data_type in ('timestamp', 'date') -%}
                {%- do members.update({column.name: column.name}) -%}
            {%- elif not column.is_personal and lead_qualification.value_faults(contract, column) -%}
                {%- do members.update({column.name: 'case when ' ~ lead_qualification.value_faults(contract, column)
                    ~ ' then cast(' ~ column.name ~ ' as ' ~ dbt.type_string() ~ ') end'}) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ lead_qualification.json_of(members) }}
    {%- endif -%}
{%- endmacro %}

{#- The condition that a cell has a fault other than being empty; an empty text where it can have none. -#}
{% macro value_faults(contract, column) %}
    {%- set conditions = [] -%}
    {%- for fault in ['unreadable', 'unknown'] if lead_qualification.fault_condition(contract, column, fault) -%}
        {%- do conditions.append('(' ~ lead_qualification.fault_condition(contract, column, fault) ~ ')') -%}
    {%- endfor -%}
    {%- if 'negative' in column.unusable_if -%}
        {%- do conditions.append('(parsed_' ~ column.name ~ ' < 0)') -%}
    {%- endif -%}
    {{ return(conditions | join(' or ')) }}
{% endmacro %}


{#-
    What a cell that is at fault holds, out of raw_row, for people to see; null where the contract
    calls its column personal, which the var quarantine_whole_rows does not change.
    source, column_name: expressions of the table and the column.
-#}
{% macro shown_value(source, column_name) -%}
    {%- set personal = [] -%}
    {%- for source_name, contract in lead_qualification.raw_contracts().items() -%}
        {%- for column in contract.columns if column.is_personal -%}
            {%- do personal.append("'" ~ source_name ~ '.' ~ column.name ~ "'") -%}
        {%- endfor -%}
    {%- endfor -%}
    case
            when {{ source }} || '.' || {{ column_name }} not in ({{ personal | join(', ') }})
                then {{ lead_qualification.json_value('raw_row', column_name) }}
        end
{%- endmacro %}
