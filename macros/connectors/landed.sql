{#-
    A table as a tool landed it, as a subquery: every declared column as trimmed text under its
    declared name, whatever the spelling in the warehouse; a column that is absent is null, an
    absent table is empty. Further columns: crm_* of the declaration, where they are there;
    custom_<contract table>__<contract column> for each row of field_map.csv.
    Example: select * from {{ landed('hubspot_fivetran', 'contact') }}
-#}
{% macro landed(connector, table, alias=none) %}
    {%- if lead_qualification.only_parsed() -%}
        {#- To parse a connector, on or off, costs next to nothing: only what it refers to counts. -#}
        {{ return('') }}
    {%- endif -%}
    {%- set found = lead_qualification.landed_tables(connector, table) -%}
    {%- set id_macro = lead_qualification.connector_declaration(connector).get('id_macro') -%}
    (
        {%- for one in found %}
        {%- if not loop.first %}
        union all
        {%- endif %}
        select
        {%- for column in one.columns %}
            {% if column in one.prefixed and one.relation is not none and one.columns[column] is not none -%}
                {{ lead_qualification.text_literal(one.prefix) ~ ' || ' if one.prefix }}
                {{- lead_qualification[id_macro](column) if id_macro else column }} as {{ column }}
            {%- else -%}
                {{ column }}
            {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
        from (
            select
            {%- for column, stored in one.columns.items() %}
                {% if stored is none -%}
                    cast(null as {{ dbt.type_string() }})
                {%- else -%}
                    {{ lead_qualification.landed_cell(stored, column in one.identifiers) }}
                {%- endif %} as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
            {%- if one.relation is none %}
            from (select 1 as nothing) as absent
            where nothing = 0
            {%- else %}
            from {{ one.relation }}
            {%- endif %}
        ) as cells
        {%- endfor %}
    ) as {{ alias or 'landed_' ~ table }}
{%- endmacro %}


{#-
    What there is of a declared table, one entry per schema (and per table of a prefix): relation
    (none: absent), prefix of its keys, keys, and columns: name that landed gives -> stored column
    (name, type), none where absent. Never empty. Names a column that is missing and stops where
    it is required.
-#}
{% macro landed_tables(connector, table) %}
    {%- set looked_up = lead_qualification.looked_up() -%}
    {%- set what = 'table ' ~ connector ~ ' ' ~ table -%}
    {%- if what not in looked_up -%}
        {%- do looked_up.update({what: lead_qualification.find_landed_tables(connector, table)}) -%}
    {%- endif -%}
    {{ return(looked_up[what]) }}
{% endmacro %}

{% macro find_landed_tables(connector, table) %}
    {%- set declaration = lead_qualification.connector_declaration(connector) -%}
    {%- set declared = declaration.tables[table] -%}
    {%- set schemas = lead_qualification.connector_schemas(connector) -%}
    {%- set custom = lead_qualification.custom_columns_of(connector, table) -%}
    {%- set found = [] -%}
    {%- for schema in schemas -%}
        {%- set where = {
            'prefix': schema ~ '-' if schemas | length > 1 else '', 'prefixed': declared.get('keys', []),
            'identifiers': declared.get('keys', []) + declared.get('cleaned', [])} -%}
        {%- for relation in lead_qualification.relations_of(connector, schema, table, declared) -%}
            {%- set stored = lead_qualification.stored_columns_of(relation, declared) -%}
            {%- do found.append(dict(
                where, relation=relation,
                columns=lead_qualification.found_columns(connector, table, declared, custom, stored, relation))) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not found -%}
        {%- if declared.get('needed') and lead_qualification.is_run() -%}
            {{ exceptions.raise_compiler_error(
                'Connector ' ~ connector ~ ': table ' ~ table ~ ' is missing; looked in schema '
                ~ schemas | join(', ') ~ '. Sync it there, or correct the schema in the var connectors.') }}
        {%- endif -%}
        {%- do found.append({
            'relation': none, 'prefix': '', 'prefixed': [], 'identifiers': [],
            'columns': lead_qualification.found_columns(connector, table, declared, custom, none, none)}) -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}


{% macro connector_schemas(connector) %}
    {%- set given = lead_qualification.connector_option(connector, 'schema') or [] -%}
    {{ return([given] if given is string else given) }}
{% endmacro %}


{#- The relations of a declared table in a schema: none or one, several only where its name is a prefix. -#}
{% macro relations_of(connector, schema, table, declared) %}
    {%- set database = lead_qualification.connector_option(connector, 'database') or target.database or none -%}
    {%- if not lead_qualification.looks_up() -%}
        {{ return([api.Relation.create(database=database, schema=schema, identifier=table)]) }}
    {%- endif -%}
    {%- set wanted = [] -%}
    {%- for name in [table] + declared.get('also', []) -%}
        {%- do wanted.append(lead_qualification.bare_name(name)) -%}
    {%- endfor -%}
    {%- set exact, alike = [], [] -%}
    {%- set looked_up = lead_qualification.looked_up() -%}
    {%- set what = 'schema ' ~ database ~ ' ' ~ schema -%}
    {%- if what not in looked_up -%}
        {%- do looked_up.update({what: lead_qualification.landed_relations(database, schema)}) -%}
    {%- endif -%}
    {%- for stored in looked_up[what] -%}
        {%- set bare = lead_qualification.bare_name(stored.name) -%}
        {%- if stored.name == table and not declared.get('prefix') -%}
            {%- do exact.append(stored) -%}
        {%- elif bare in wanted or (declared.get('prefix') and bare.startswith(wanted[0]) and bare[wanted[0] | length:].isdigit()) -%}
            {%- do alike.append(stored) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set chosen = exact or alike -%}
    {%- if chosen | length > 1 and not declared.get('prefix') -%}
        {{ exceptions.raise_compiler_error(
            'Connector ' ~ connector ~ ': two tables of schema ' ~ schema ~ ' could be ' ~ table ~ ': '
            ~ chosen | map(attribute='name') | join(', ') ~ '. Drop or rename the one that is not to be read.') }}
    {%- endif -%}
    {%- set relations = [] -%}
    {%- for stored in chosen -%}
        {%- do relations.append(api.Relation.create(
            database=database, schema=stored.schema, identifier=stored.name, type='table',
            quote_policy={'schema': true, 'identifier': true})) -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}


{#- The columns that a relation has: name and type. Where nothing is looked up: what is declared. -#}
{% macro stored_columns_of(relation, declared) %}
    {%- set columns = [] -%}
    {%- if lead_qualification.looks_up() -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do columns.append({'name': column.name, 'type': column.data_type | lower}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for name in declared.get('required', []) + declared.get('optional', []) + declared.get('crm', {}).values() | list -%}
            {%- do columns.append({'name': name, 'type': 'text'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(columns) }}
{% endmacro %}


{#- What landed gives of a table: name -> stored column, or none. stored: none where the table is absent. -#}
{% macro found_columns(connector, table, declared, custom, stored, relation) %}
    {%- set columns = {} -%}
    {%- for name in declared.get('required', []) + declared.get('optional', []) -%}
        {%- set column = lead_qualification.column_called(connector, table, name, stored or []) -%}
        {%- if column is none and stored is not none and name in declared.get('required', []) and lead_qualification.is_run() -%}
            {{ exceptions.raise_compiler_error(
                'Connector ' ~ connector ~ ': table ' ~ table ~ ' (' ~ relation ~ ') has no column ' ~ name
                ~ '. Sync it; ' ~ declared.get('hint', 'without it the table says nothing') ~ '. Columns found: '
                ~ stored | map(attribute='name') | sort | join(', ')) }}
        {%- endif -%}
        {%- do columns.update({name: column}) -%}
    {%- endfor -%}
    {%- for name, landed_name in lead_qualification.crm_columns_of(connector, table, stored).items() -%}
        {%- do columns.update({name: landed_name}) -%}
    {%- endfor -%}
    {%- for name, landed_name in custom.items() -%}
        {%- set column = lead_qualification.column_called(connector, table, landed_name, stored or []) -%}
        {%- if column is none and stored is not none and lead_qualification.is_run() -%}
            {{ exceptions.raise_compiler_error(
                'field_map.csv: ' ~ connector ~ ', ' ~ table ~ ' names the column ' ~ landed_name ~ ', which ' ~ relation
                ~ ' does not have. Correct the row or sync the column. Columns found: '
                ~ stored | map(attribute='name') | sort | join(', ')) }}
        {%- endif -%}
        {%- do columns.update({name: column}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- The stored column of a name: the exact name first; two others that fit stop the build. -#}
{% macro column_called(connector, table, name, stored) %}
    {%- set alike = [] -%}
    {%- for column in stored -%}
        {%- if column.name == name -%}
            {{ return(column) }}
        {%- elif lead_qualification.bare_name(column.name) == lead_qualification.bare_name(name) -%}
            {%- do alike.append(column) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if alike | length > 1 -%}
        {{ exceptions.raise_compiler_error(
            'Connector ' ~ connector ~ ': two columns of table ' ~ table ~ ' could be ' ~ name ~ ': '
            ~ alike | map(attribute='name') | join(', ') ~ '. Rename one, or name the right one in field_map.csv.') }}
    {%- endif -%}
    {{ return(alike[0] if alike else none) }}
{% endmacro %}


{#-
    The crm_ columns that a table has: contract column -> stored column. One that it lacks is not
    null but not there: crm_lead_sync compares only fields that the CRM has.
-#}
{% macro crm_columns_of(connector, table, stored) %}
    {%- set columns = {} -%}
    {%- for name, landed_name in lead_qualification.connector_declaration(connector).tables[table].get('crm', {}).items() -%}
        {%- set column = lead_qualification.column_called(connector, table, landed_name, stored or []) -%}
        {%- if column is not none -%}
            {%- do columns.update({name: column}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- Names of the crm_ columns that landed gives of some tables of a connector. -#}
{% macro crm_columns(connector, tables) %}
    {%- if lead_qualification.only_parsed() -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set names = [] -%}
    {%- set declared = lead_qualification.connector_declaration(connector).tables -%}
    {%- for table in tables if declared[table].get('crm') -%}
        {%- for one in lead_qualification.landed_tables(connector, table) -%}
            {%- for name in one.columns if name.startswith('crm_') and name not in names -%}
                {%- do names.append(name) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}
