{#-
    Overrides of dbt's own macros. dbt takes those of the project that it runs; a project that has
    this one as a package lists it before dbt in its search order (docs/engines.md).
-#}

{#- Spark calls a text string: contracts and seeds say varchar. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set named = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do named.update({name: dict(column, data_type=lead_qualification.type_named(column['data_type']))}) -%}
    {%- endfor -%}
    {{ return(dbt.default__get_empty_schema_sql(named)) }}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = {} -%}
    {%- for name, data_type in model['config'].get('column_types', {}).items() -%}
        {%- do types.update({name: lead_qualification.type_named(data_type)}) -%}
    {%- endfor -%}
    {%- set named = dict(model, config=dict(model['config'], column_types=types)) -%}
    {{ return(dbt.spark__create_csv_table(named, agate_table)) }}
{%- endmacro %}


{#-
    Rows of a seed as literals: dbt-spark's own way turns an empty cell into the text None, and one
    of the wrong type into null.
-#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- set data_type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
        {%- do columns.append(lead_qualification.spark_seed_cell(model['name'], name, lead_qualification.type_named(data_type))) -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(5000) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set cells = [] -%}
            {%- for value in row.values() -%}
                {%- do cells.append(lead_qualification.spark_literal(value)) -%}
            {%- endfor -%}
            {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {{ columns | join(', ') }}
            from values
            {{ rows | join(',\n') }}
            as loaded ({{ agate_table.column_names | join(', ') }})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{%- endmacro %}

{% macro spark_seed_cell(seed, column, data_type) -%}
    case
        when {{ column }} is null or try_cast({{ column }} as {{ data_type }}) is not null
            then try_cast({{ column }} as {{ data_type }})
        else raise_error('Seed {{ seed }}.csv, column {{ column }}: ' || {{ column }} || ' is not a valid {{ data_type }}. Correct the cell.')
    end as {{ column }}
{%- endmacro %}

{% macro spark_literal(value) -%}
    {%- if value is none -%}
        {{ return('null') }}
    {%- endif -%}
    {{ return(lead_qualification.spark__text_literal(value | string)) }}
{%- endmacro %}


{#-
    How a model is kept that only arranges rows which are stored elsewhere: as a view; on Spark as a
    table, for marts, because readers that come without its catalog have nothing but files, and for
    what many models read, because it plans a view again for each of them.
-#}
{% macro kept_as_view() %}
    {{ return(adapter.dispatch('kept_as_view', 'lead_qualification')()) }}
{% endmacro %}

{% macro default__kept_as_view() %}
    {{ return('view') }}
{% endmacro %}

{% macro spark__kept_as_view() %}
    {{ return('table') }}
{% endmacro %}
