{#- Rows of connector_coverage of one connector: what landed, column by column, and what became of its rows. -#}
{% macro coverage_of(connector) -%}
    {{ config(materialized='table') }}
    {%- set is_parsed = lead_qualification.only_parsed() -%}
    {%- set declaration = lead_qualification.connector_declaration(connector) -%}
    {%- set giving = [] -%}
    {%- for table_name in declaration.gives if connector in lead_qualification.connectors_that_give(table_name) -%}
        {%- do giving.append(table_name) -%}
    {%- endfor -%}
    with

    {% for table in declaration.tables if not is_parsed %}
    {%- set filled = lead_qualification.landed_names(connector, table) -%}
    counts_{{ table }} as (

        select
            count(*) as row_count
            {%- for name in filled %},
            count({{ name }}) as filled_{{ loop.index }}
            {%- endfor %}
        from {{ lead_qualification.landed(connector, table) }}

    ),

    {% endfor %}
    outcomes as (

        {%- for table_name in giving %}
        select
            '{{ table_name }}' as contract_table,
            contract_column,
            -- The rows of a landed table are counted below, under its name.
            case when fate <> 'read' then source_table end as source_table,
            source_column,
            source_value,
            fate as outcome,
            fate_reason as reason,
            count(*) as row_count
        from {{ ref('lead_qualification', connector ~ '__all_' ~ table_name) }}
        group by contract_column, source_table, source_column, source_value, fate, fate_reason
        union all
        {%- endfor %}
        {%- for table, declared in declaration.tables.items() if not is_parsed %}
        {%- set is_there = lead_qualification.landed_tables(connector, table)[0].relation is not none %}
        {{ lead_qualification.coverage_row(
            declared.feeds[0], table, none, 'read' if is_there else 'table_absent',
            'row_count' if is_there else '0', 'counts_' ~ table) }}
        {%- if is_there %}
        {%- set absent = lead_qualification.landed_columns_absent(connector, table) %}
        {%- for name in lead_qualification.landed_names(connector, table) %}
        union all
        {{ lead_qualification.coverage_row(
            declared.feeds[0], table, name, 'column_absent' if name in absent else 'read',
            '0' if name in absent else 'filled_' ~ loop.index, 'counts_' ~ table) }}
        {%- endfor %}
        {%- endif %}
        {{ 'union all' if not loop.last }}
        {%- endfor %}

    )

    select
        '{{ connector }}' as connector,
        outcomes.contract_table,
        outcomes.contract_column,
        outcomes.source_table,
        outcomes.source_column,
        outcomes.source_value,
        outcomes.outcome,
        outcomes.reason,
        outcomes.row_count
    from outcomes
{%- endmacro %}


{% macro coverage_row(contract_table, table, name, outcome, row_count, relation) -%}
    {%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
    select
            '{{ contract_table }}' as contract_table, {{ nothing }} as contract_column, '{{ table }}' as source_table,
            {{ "'" ~ name ~ "'" if name else nothing }} as source_column, {{ nothing }} as source_value,
            '{{ outcome }}' as outcome, {{ nothing }} as reason, {{ row_count }} as row_count
        from {{ relation }}
{%- endmacro %}


{#- Every column that landed gives of a table, and those of them that are absent. -#}
{% macro landed_names(connector, table) %}
    {{ return(lead_qualification.landed_tables(connector, table)[0].columns.keys() | list) }}
{% endmacro %}

{% macro landed_columns_absent(connector, table) %}
    {%- set absent = [] -%}
    {%- for name in lead_qualification.landed_names(connector, table) -%}
        {%- set there = [] -%}
        {%- for one in lead_qualification.landed_tables(connector, table) if one.columns.get(name) is not none -%}
            {%- do there.append(one) -%}
        {%- endfor -%}
        {%- if not there -%}
            {%- do absent.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(absent) }}
{% endmacro %}
