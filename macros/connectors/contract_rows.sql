{#- From rows of a connector to rows of the raw contract. -#}

{#- The contract of a table that connectors give. -#}
{% macro connected_contract(table_name) %}
    {%- set contracts = lead_qualification.raw_contracts() -%}
    {%- if table_name not in contracts and table_name == 'attribute_changes' -%}
        {%- set columns = [] -%}
        {%- for name in ['change_id', 'object', 'record_id', 'attribute', 'old_value', 'new_value', 'changed_at', 'received_at'] -%}
            {%- do columns.append({'name': name, 'data_type': 'timestamp' if name.endswith('_at') else 'text'}) -%}
        {%- endfor -%}
        {{ return({'key': ['change_id'], 'columns': columns}) }}
    {%- endif -%}
    {{ return(contracts[table_name]) }}
{% endmacro %}

{#-
    The columns of a contract table that a connector gives: all of them, but those crm_ columns for
    which no landed table has a field: what is there is compared with the CRM.
-#}
{% macro contract_names(connector, table_name) %}
    {%- if lead_qualification.only_parsed() -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set there = [] -%}
    {%- for table, declared in lead_qualification.connector_declaration(connector).tables.items() if table_name in declared.feeds -%}
        {%- do there.extend(lead_qualification.crm_columns(connector, [table])) -%}
        {%- for name in lead_qualification.custom_names(connector, table_name, [table]) -%}
            {%- do there.append(name.split('__')[1]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set names = [] -%}
    {%- for column in lead_qualification.connected_contract(table_name).columns -%}
        {%- if not column.name.startswith('crm_') or column.name in there or column.name in ['crm_object', 'crm_url'] -%}
            {%- do names.append(column.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#- What says what became of a row of a source. -#}
{% macro fate_columns() %}
    {{ return(['contract_column', 'source_table', 'source_column', 'source_value', 'fate', 'fate_reason']) }}
{% endmacro %}


{#-
    Items of a select list: every column of a contract table, times as timestamps and everything
    else as text, and what became of the row. given: column -> expression; a column that is not given
    is null. A custom column of field_map.csv goes before what is given.
    tables: the landed tables of those custom columns; alias: where they and the crm_ columns are.
-#}
{% macro contract_columns(connector, table_name, given, tables=[], alias=none) -%}
    {%- if lead_qualification.only_parsed() -%}
        {{ return('') }}
    {%- endif -%}
    {%- set custom = lead_qualification.custom_names(connector, table_name, tables) -%}
    {%- set contract = lead_qualification.connected_contract(table_name) -%}
    {%- set names = lead_qualification.contract_names(connector, table_name) -%}
    {%- for column in contract.columns if column.name in names %}
        {%- set is_time = column.data_type == 'timestamp' -%}
        {%- set is_crm = column.name.startswith('crm_') and column.name not in ['crm_object', 'crm_url'] -%}
        {%- set landed_name = (alias ~ '.' ~ column.name) if is_crm and alias and column.name in lead_qualification.crm_columns(connector, tables) else 'null' -%}
        {%- set expressions = [given.get(column.name, landed_name)] -%}
        {%- set name = alias ~ '.custom_' ~ table_name ~ '__' ~ column.name -%}
        {%- if 'custom_' ~ table_name ~ '__' ~ column.name in custom and column.name not in given.get('customs_in_given', []) -%}
            {%- do expressions.insert(0, lead_qualification.landed_time(name) if is_time else name) -%}
        {%- elif is_crm and is_time and expressions[0] != 'null' -%}
            {%- set expressions = [lead_qualification.landed_time(expressions[0])] -%}
        {%- endif %}
        cast({{ 'coalesce(' ~ expressions | join(', ') ~ ')' if expressions | length > 1 else expressions[0] }} as
            {{- ' timestamp' if is_time else ' ' ~ dbt.type_string() }}) as {{ column.name }},
    {%- endfor %}
    {%- for name in lead_qualification.fate_columns() %}
        cast({{ given.get(name, "'read'" if name == 'fate' else 'null') }} as {{ dbt.type_string() }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The rows of a contract table that a connector gives: all but those that were left out or ignored. -#}
{% macro kept_rows(connector, table_name) -%}
    {{ config(materialized='view') }}
    with

    every_row as (

        select * from {{ ref('lead_qualification', connector ~ '__all_' ~ table_name) }}

    ),

    kept as (

        select
        {%- for name in lead_qualification.contract_names(connector, table_name) %}
            every_row.{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
        from every_row
        where
            every_row.fate not in ('ignored', 'left_out')
            and coalesce(every_row.fate_reason, '') <> 'makes no row'

    )

    select * from kept
{%- endmacro %}


{#- The first connector that gives leads: the CRM of record. -#}
{% macro crm_of_record() %}
    {{ return((lead_qualification.connectors_that_give('leads') + [none])[0]) }}
{% endmacro %}


{#-
    The columns of a contract table that count of a connector: what another source than the CRM of
    record has in the fields of a sync says nothing of the CRM.
-#}
{% macro connected_names_of(connector, table_name) %}
    {%- set is_main = connector == lead_qualification.crm_of_record() -%}
    {%- set names = [] -%}
    {%- for name in lead_qualification.contract_names(connector, table_name)
        if is_main or not name.startswith('crm_') or name in ['crm_object', 'crm_url'] -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#- The columns of a contract table that the connectors of the var give together. -#}
{% macro connected_names(table_name) %}
    {%- set given = [] -%}
    {%- for connector in lead_qualification.connectors_that_give(table_name) -%}
        {%- do given.extend(lead_qualification.connected_names_of(connector, table_name)) -%}
    {%- endfor -%}
    {%- set names = [] -%}
    {%- for column in lead_qualification.connected_contract(table_name).columns
        if not column.name.startswith('crm_') or column.name in given -%}
        {%- do names.append(column.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#-
    A contract table: the rows of every connector of the var that gives it. What is not of the CRM
    of record has its own ids: leads and campaigns get the connector's name in front, unless the
    connector does that itself, and name no account and no rep of the CRM; nor do changes of accounts
    count. Keys that two connectors give are told apart in the same way.
-#}
{% macro connected_rows(table_name) -%}
    {{ config(alias=table_name) }}
    {%- set contract = lead_qualification.connected_contract(table_name) -%}
    {%- set giving = lead_qualification.connectors_that_give(table_name) -%}
    {%- set given = {} -%}
    {%- for connector in giving -%}
        {%- do given.update({connector: lead_qualification.connected_names_of(connector, table_name)}) -%}
    {%- endfor -%}
    {%- set together = lead_qualification.connected_names(table_name) -%}
    {%- set names = contract.columns | selectattr('name', 'in', together) | list -%}
    {%- for connector in giving %}
    select
        {%- for column in names %}
        {% if column.name in given[connector] -%}
            {{ lead_qualification.connected_cell(connector, table_name, column) }}
        {%- else -%}
            cast(null as {{ 'timestamp' if column.data_type == 'timestamp' else dbt.type_string() }})
        {%- endif %} as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('lead_qualification', connector ~ '__' ~ table_name) }}
    {%- if table_name == 'attribute_changes' and connector != lead_qualification.crm_of_record() %}
    where object = 'lead'
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        {%- for column in names %}
        cast(null as {{ 'timestamp' if column.data_type == 'timestamp' else dbt.type_string() }}) as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (select 1 as nothing) as absent
    where nothing = 0
    {%- endfor %}
{%- endmacro %}


{% macro connected_cell(connector, table_name, column) -%}
    {%- set key = lead_qualification.connected_contract(table_name).key[0] -%}
    {%- set declaration = lead_qualification.connector_declaration(connector) -%}
    {%- set is_main = connector == lead_qualification.crm_of_record() -%}
    {%- set is_lead = column.name in ['lead_id', 'merged_into_lead_id', 'record_id'] -%}
    {%- if not is_main and (column.name == 'campaign_id' or (is_lead and not declaration.get('has_own_prefix'))) -%}
        '{{ connector }}-' || {{ column.name }}
    {%- elif not is_main and column.name in ['account_id', 'owner_id', 'rep_id'] -%}
        cast(null as {{ dbt.type_string() }})
    {%- elif column.name == key and column.name not in ['lead_id', 'campaign_id']
        and connector != lead_qualification.connectors_that_give(table_name)[0] -%}
        '{{ connector }}-' || {{ column.name }}
    {%- else -%}
        {{ column.name }}
    {%- endif -%}
{%- endmacro %}
