{#- Which raw data this run reads: demo (seeds), files (LEAD_RAW_PATH) or schema (var raw_schema). -#}
{% macro raw_data() %}
    {%- if env_var('LEAD_RAW_PATH', '') -%}
        {{ return('files') }}
    {%- elif var('raw_schema', '') -%}
        {{ return('schema') }}
    {%- endif -%}
    {{ return('demo') }}
{% endmacro %}


{#- Where a raw table is. -#}
{% macro raw_relation(table_name) %}
    {%- if lead_qualification.raw_data() == 'demo' -%}
        {{ return(ref('lead_qualification', 'demo_' ~ table_name)) }}
    {%- endif -%}
    {{ return(source('lead_raw', table_name)) }}
{% endmacro %}


{#-
    The raw table as a subquery that has every column of the contract as trimmed text, empty cells as null.
    A table that is switched off (var has_<table>: false) or absent is empty;
    a missing optional column is null; a missing required one stops the build.
    With --no-introspect nothing is looked up: every table and column is taken to be there.
    Example: select * from {{ raw_table('web_events') }}
-#}
{% macro raw_table(table_name) %}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {%- set columns = contract.required + contract.optional -%}
    {%- set relation = lead_qualification.raw_relation(table_name) -%}
    {%- set is_off = not var('has_' ~ table_name, true) -%}
    {%- set present = columns -%}
    {%- if execute and flags.INTROSPECT and not is_off -%}
        {%- set stored = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
        {%- if stored is not none -%}
            {%- set present = adapter.get_columns_in_relation(stored) | map(attribute='name') | map('lower') | list -%}
            {%- do lead_qualification.check_raw_columns(table_name, relation, present) -%}
        {%- elif flags.WHICH in ('run', 'build', 'test') -%}
            {%- if table_name == 'leads' -%}
                {{ exceptions.raise_compiler_error(
                    'Raw table leads is missing: looked for ' ~ relation ~ '. '
                    ~ 'Load it there, or point LEAD_RAW_PATH or the var raw_schema at it.') }}
            {%- endif -%}
            {%- set is_off = true -%}
        {%- endif -%}
    {%- endif -%}
    (
        select
        {%- for column in columns %}
            {% if column in present and not is_off -%}
                {{ lead_qualification.trimmed_text(column) }} as {{ column }}
            {%- else -%}
                cast(null as {{ dbt.type_string() }}) as {{ column }}
            {%- endif -%}
            {{ ',' if not loop.last }}
        {%- endfor %}
        {%- if is_off %}
        from (select 1 as nothing) as absent
        where nothing = 0
        {%- else %}
        from {{ relation }}
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
