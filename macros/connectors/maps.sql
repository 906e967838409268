{#- field_map.csv and value_map.csv: what a user says of a source, as rows. -#}

{#- The names by which rows of the maps may call a connector: itself and its family, as literals. -#}
{% macro names_in_maps(connector) %}
    {%- set names = [connector, lead_qualification.connector_declaration(connector).family] | unique | list -%}
    {{ return(lead_qualification.text_literals(names)) }}
{% endmacro %}


{#-
    The rows of field_map.csv about a landed table: name that landed gives -> landed column. They
    are read when a model is compiled; while dbt parses there are none.
-#}
{% macro custom_columns_of(connector, table) %}
    {%- set columns = {} -%}
    {%- for row in lead_qualification.field_map_rows(connector) -%}
        {%- set names = [table] + lead_qualification.connector_declaration(connector).tables[table].get('also', []) -%}
        {%- for name in names if lead_qualification.bare_name(name) == lead_qualification.bare_name(row.source_table) -%}
            {%- do columns.update({'custom_' ~ row.contract_table ~ '__' ~ row.contract_column: row.source_column}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{% macro field_map_rows(connector) %}
    {%- set relation = lead_qualification.policy('field_map') -%}
    {%- set looked_up = lead_qualification.looked_up() -%}
    {%- if 'field_map ' ~ connector in looked_up -%}
        {{ return(looked_up['field_map ' ~ connector]) }}
    {%- endif -%}
    {%- set rows = [] -%}
    {%- if lead_qualification.looks_up() and load_cached_relation(relation) is not none -%}
        {%- set read = run_query(
            'select contract_table, contract_column, source_table, source_column from ' ~ relation
            ~ ' where connector in (' ~ lead_qualification.names_in_maps(connector) ~ ') order by 1, 2, 3, 4') -%}
        {%- for row in read.rows -%}
            {%- do lead_qualification.check_field_map_row(connector, row) -%}
            {%- do rows.append({
                'contract_table': row[0], 'contract_column': row[1], 'source_table': row[2], 'source_column': row[3]}) -%}
        {%- endfor -%}
        {%- do looked_up.update({'field_map ' ~ connector: rows}) -%}
    {%- endif -%}
    {{ return(rows) }}
{% endmacro %}


{#- A row that names no column of the contract, or no table that the connector reads, would change nothing. -#}
{% macro check_field_map_row(connector, row) %}
    {%- set contracts = lead_qualification.raw_contracts() -%}
    {%- set declaration = lead_qualification.connector_declaration(connector) -%}
    {%- set where = lead_qualification.policy_file('field_map') ~ ': ' ~ connector ~ ', ' ~ row[0] ~ '.' ~ row[1] ~ ' from ' ~ row[2] ~ '.' ~ row[3] -%}
    {%- set tables = [] -%}
    {%- for name, declared in declaration.tables.items() -%}
        {%- if row[0] in declared.feeds -%}
            {%- for one in [name] + declared.get('also', []) -%}
                {%- do tables.append(lead_qualification.bare_name(one)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if row[0] not in contracts or row[1] not in contracts[row[0]].columns | map(attribute='name') -%}
        {{ exceptions.raise_compiler_error(where ~ ': the raw contract has no such column. docs/raw_contract.md lists them.') }}
    {%- elif lead_qualification.bare_name(row[2]) not in tables -%}
        {{ exceptions.raise_compiler_error(
            where ~ ': ' ~ connector ~ ' does not read that table for ' ~ row[0] ~ '. docs/connectors/ says which it reads.') }}
    {%- endif -%}
{% endmacro %}


{#-
    The custom columns that feed a contract table, as items of a select list with a comma in front
    of each. tables: every landed table of a union; own: the one that is read here, which has its
    columns, those of the others are null; all: the relation has them all.
-#}
{% macro custom_items(connector, contract_table, tables, own, alias) -%}
    {%- set there = lead_qualification.custom_names(connector, contract_table, tables if own == 'all' else [own]) -%}
    {%- for name in lead_qualification.custom_names(connector, contract_table, tables) %},
        {{ alias ~ '.' ~ name if name in there else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ name }}
    {%- endfor -%}
{%- endmacro %}


{#- The crm_ columns of landed tables, in the same way. -#}
{% macro crm_items(connector, tables, own, alias) -%}
    {%- set there = lead_qualification.crm_columns(connector, [own]) -%}
    {%- for name in lead_qualification.crm_columns(connector, tables) %},
        {{ alias ~ '.' ~ name if name in there else 'cast(null as ' ~ dbt.type_string() ~ ') as ' ~ name }}
    {%- endfor -%}
{%- endmacro %}

{% macro custom_names(connector, contract_table, tables) %}
    {%- if lead_qualification.only_parsed() -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set names = [] -%}
    {%- for table in tables -%}
        {%- for name in lead_qualification.custom_columns_of(connector, table)
            if name.startswith('custom_' ~ contract_table ~ '__') and name not in names -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#- A custom column for a contract column, before the standard one, if any; the standard one where there is none. -#}
{% macro custom_or(connector, contract_table, contract_column, tables, alias, standard=none) -%}
    {#- BigQuery takes a bare null for a whole number. -#}
    {%- set standard = standard or 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
    {%- set name = 'custom_' ~ contract_table ~ '__' ~ contract_column -%}
    {%- if name in lead_qualification.custom_names(connector, contract_table, tables) -%}
        coalesce({{ alias }}.{{ name }}, {{ standard }})
    {%- else -%}
        {{ standard }}
    {%- endif -%}
{%- endmacro %}


{#-
    The rows of value_map.csv about a contract column, as a select: source_column (bare, after its
    last dot), source_value (lower case), contract_value, reason_code. One row per value, or per
    column and value; a row of the connector itself goes before one of its family.
    contract_value is (ignore) where it was decided that the value means nothing.
-#}
{% macro value_rows(connector, contract_table, contract_column, by_column=false) -%}
    select
        ranked.source_column,
        ranked.source_value,
        ranked.contract_value,
        ranked.reason_code
    from (
        select
            bare.source_column,
            bare.source_value,
            bare.contract_value,
            bare.reason_code,
            row_number() over (
                partition by bare.source_value{{ ', bare.source_column' if by_column }}
                order by bare.preference, bare.source_column, bare.contract_value
            ) as place
        from (
            select
                {{ lead_qualification.regexp_replace_all("lower(trim(rows_of_map.source_column))", '^.*[.]|[_ -]', '') }} as source_column,
                lower(trim(rows_of_map.source_value)) as source_value,
                trim(rows_of_map.contract_value) as contract_value,
                nullif(trim(rows_of_map.reason_code), '') as reason_code,
                case when rows_of_map.connector = {{ lead_qualification.text_literal(connector) }} then 1 else 2 end as preference
            from {{ lead_qualification.policy('value_map') }} as rows_of_map
            where rows_of_map.connector in ({{ lead_qualification.names_in_maps(connector) }})
                and rows_of_map.contract_table = {{ lead_qualification.text_literal(contract_table) }}
                and rows_of_map.contract_column = {{ lead_qualification.text_literal(contract_column) }}
        ) as bare
    ) as ranked
    where ranked.place = 1
{%- endmacro %}


{#- What value_map.csv made of a value: mapped, ignored, or what holds where it has no row. -#}
{% macro outcome_of_value(source_value, values, otherwise) -%}
    case
        when {{ source_value }} is null then 'read'
        when {{ values }}.contract_value = '(ignore)' then 'ignored'
        when {{ values }}.source_value is not null then 'mapped'
        else '{{ otherwise }}'
    end
{%- endmacro %}
