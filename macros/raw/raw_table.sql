{#- Which raw data this run reads: demo (seeds), files (LEAD_RAW_PATH), schema (var raw_schema) or connectors (var connectors). -#}
{% macro raw_data() %}
    {%- if env_var('LEAD_RAW_PATH', '') -%}
        {{ return('files') }}
    {%- elif var('raw_schema', '') -%}
        {{ return('schema') }}
    {%- elif lead_qualification.connectors() -%}
        {{ return('connectors') }}
    {%- endif -%}
    {{ return('demo') }}
{% endmacro %}


{#- Where a raw table is. -#}
{% macro raw_relation(table_name) %}
    {%- if lead_qualification.raw_data() == 'demo' -%}
        {{ return(ref('lead_qualification', 'demo_' ~ table_name)) }}
    {%- elif lead_qualification.raw_data() == 'connectors' -%}
        {{ return(ref('lead_qualification', 'raw_' ~ table_name)) }}
    {%- endif -%}
    {{ return(source('lead_raw', table_name)) }}
{% endmacro %}


{#-
    The stored columns of a raw table, name to type, both in lower case; none where the table is
    absent or switched off (var has_<table>: false). A missing required column stops the build.
    With --no-introspect, and while dbt parses, nothing is looked up: every column of the contract
    is taken to be there, as text.
-#}
{% macro stored_columns(table_name) %}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {%- set columns = {} -%}
    {%- set relation = lead_qualification.raw_relation(table_name) -%}
    {%- if not var('has_' ~ table_name, true) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- if lead_qualification.looks_up() -%}
        {%- set stored = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
        {%- if stored is not none -%}
            {%- for column in adapter.get_columns_in_relation(stored) -%}
                {%- do columns.update({column.name | lower: column.data_type | lower}) -%}
            {%- endfor -%}
            {%- do lead_qualification.check_raw_columns(table_name, relation, columns) -%}
            {{ return(columns) }}
        {%- elif flags.WHICH in ('run', 'build', 'test') -%}
            {%- if table_name == 'leads' -%}
                {{ exceptions.raise_compiler_error(
                    'Raw table leads is missing: looked for ' ~ relation ~ '. '
                    ~ 'Load it there, or point LEAD_RAW_PATH or the var raw_schema at it.') }}
            {%- endif -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endif -%}
    {%- for column in contract.columns -%}
        {%- do columns.update({column.name: 'text'}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#-
    The raw table as a subquery that has every column of the contract: as it is stored where it
    arrives in its type, otherwise as trimmed text, empty cells and placeholders as null. A missing
    optional column is null; an absent table is empty. given_key: the key as it came.
    stored: what stored_columns says about the table.
-#}
{% macro raw_table(table_name, stored) %}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    (
        select
        {%- for column in contract.columns %}
            {% if stored is none or column.name not in stored -%}
                cast(null as {{ dbt.type_string() }}) as {{ column.name }}
            {%- elif lead_qualification.arrives_typed(stored[column.name], column.data_type) -%}
                {{ column.name }}
            {%- else -%}
                {{ lead_qualification.present_cell(column) }} as {{ column.name }}
            {%- endif -%}
            ,
        {%- endfor %}
            {% if stored is none or contract.key[0] not in stored -%}
                cast(null as {{ dbt.type_string() }})
            {%- else -%}
                {{ lead_qualification.trimmed_text(contract.key[0]) }}
            {%- endif %} as given_key
        {%- if stored is none %}
        from (select 1 as nothing) as absent
        where nothing = 0
        {%- else %}
        from {{ lead_qualification.raw_relation(table_name) }}
        {%- endif %}
    ) as raw_{{ table_name }}
{%- endmacro %}


{#- Stops the build if a required column is missing; names what is ignored or taken as unknown. -#}
{% macro check_raw_columns(table_name, relation, present) %}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {%- for column in contract.required if column not in present -%}
        {{ exceptions.raise_compiler_error(
            'Raw table ' ~ table_name ~ ' (' ~ relation ~ ') has no column ' ~ column ~ '. '
            ~ 'Add it, or switch the table off with the var has_' ~ table_name ~ ': false. '
            ~ 'Columns found: ' ~ present | join(', ')) }}
    {%- endfor -%}
    {%- for column in contract.optional if column not in present -%}
        {%- do log('Raw table ' ~ table_name ~ ' has no column ' ~ column ~ ': taken as unknown', info=true) -%}
    {%- endfor -%}
{% endmacro %}


{#- A cell of any type as text without white space around it; empty becomes null. -#}
{% macro trimmed_text(column) -%}
    nullif({{ lead_qualification.trim_whitespace('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') }}, '')
{%- endmacro %}


{#- The raw tables that are there and that the vars switch off. -#}
{% macro switched_off_tables() %}
    {%- set names = [] -%}
    {%- for table_name in lead_qualification.raw_contracts() if lead_qualification.looks_up() and not var('has_' ~ table_name, true) -%}
        {%- if load_cached_relation(lead_qualification.raw_relation(table_name)) is not none -%}
            {%- do names.append(table_name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#- Whether a raw table has a column; while nothing is looked up every column of the contract is taken to be there. -#}
{% macro arrives(table_name, column_name) %}
    {%- if not execute -%}
        {%- do lead_qualification.raw_relation(table_name) -%}
    {%- endif -%}
    {%- if not lead_qualification.looks_up() or model.resource_type == 'unit_test' or not var('has_' ~ table_name, true) -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set relation = lead_qualification.raw_relation(table_name) -%}
    {%- set stored = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {%- if stored is none -%}
        {{ return(true) }}
    {%- endif -%}
    {{ return(column_name in adapter.get_columns_in_relation(stored) | map(attribute='name') | map('lower') | list) }}
{% endmacro %}
