{#- The var connectors: name -> settings, in its order; empty where raw tables come from elsewhere. -#}
{% macro connectors() %}
    {{ return(var('connectors', {}) or {}) }}
{% endmacro %}


{#- The settings of a connector: schema, database, except and options of its own. -#}
{% macro connector_settings(connector) %}
    {{ return(lead_qualification.connectors().get(connector) or {}) }}
{% endmacro %}


{#- An option of a connector, such as contacts or integration_users of salesforce. -#}
{% macro connector_option(connector, name, default=none) %}
    {{ return(lead_qualification.connector_settings(connector).get(name, default)) }}
{% endmacro %}


{#-
    What a connector lands and gives: macros/connectors/declarations/<connector>.sql.
        title, page     what it is called and where it is described
        family          rows of value_map.csv under this name count too
        gives           tables of the contract, each with a model
        options         entries of its own in the var, beside schema, database and except
        tables          what it reads, see below
        has_own_prefix  its leads begin with its name already: it is never the CRM of record
        id_macro        a macro through which every key goes
        signs           names that tell it from another connector with the same tables
    Of a table
        feeds     contract tables that it takes part in, the first of them the main one
        needed    without the table the connector stops the build
        required  columns without which it does
        optional  columns that are unknown where they are absent
        keys      those of them that are identifiers; with several schemas the schema stands before them
        cleaned   what may land as a number, too, but is an identifier of another system or no identifier
        crm       crm_ column of the contract -> the column into which our sync writes
        also      other names of the table
        prefix    whether the name is only how the names of several tables begin; digits follow
-#}
{% macro connector_declaration(connector) %}
    {%- set looked_up = lead_qualification.looked_up() -%}
    {%- if 'declaration ' ~ connector in looked_up -%}
        {{ return(looked_up['declaration ' ~ connector]) }}
    {%- endif -%}
    {%- if (connector ~ '__landed') not in lead_qualification -%}
        {{ exceptions.raise_compiler_error(
            'The var connectors names ' ~ connector ~ ', which is not a connector. They are: '
            ~ lead_qualification.connector_names() | join(', ') ~ '.') }}
    {%- endif -%}
    {%- set declaration = lead_qualification[connector ~ '__landed']() -%}
    {%- do looked_up.update({'declaration ' ~ connector: declaration}) -%}
    {{ return(declaration) }}
{% endmacro %}


{#-
    Whether a model is only parsed: what it refers to is all that counts then, so that connectors
    that are off cost next to nothing. Whatever asks depends on field_map.
-#}
{% macro only_parsed() %}
    {%- do lead_qualification.policy('field_map') -%}
    {{ return(not execute) }}
{% endmacro %}


{#-
    What was looked up in this run, by a name of the look-up: the catalogue is asked once, not by
    every model. The graph is the one thing that all models of a run share.
-#}
{% macro looked_up() %}
    {{ return(graph.setdefault('landed_' ~ invocation_id ~ execute, {})) }}
{% endmacro %}


{#- The connectors that there are. -#}
{% macro connector_names() %}
    {%- set names = [] -%}
    {%- for name in lead_qualification.keys() if name.endswith('__landed') -%}
        {%- do names.append(name[:-8]) -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{% endmacro %}


{#- The connectors of the var that give a contract table, in their order. -#}
{% macro connectors_that_give(table_name) %}
    {%- set giving = [] -%}
    {%- for connector in lead_qualification.connectors() -%}
        {%- set declaration = lead_qualification.connector_declaration(connector) -%}
        {%- if table_name in declaration.gives and table_name not in (lead_qualification.connector_option(connector, 'except') or []) -%}
            {%- do giving.append(connector) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- What only the CRM of record knows: deals, reps and accounts of two CRMs are not one list. -#}
    {{ return(giving[:1] if table_name in ['accounts', 'opportunities', 'opportunity_contacts', 'sales_reps'] else giving) }}
{% endmacro %}


{#-
    An identifier that stands within a value, such as a list or the new owner in a history: with
    several schemas it gets the schema that stands before the key of its row, as the keys have it.
-#}
{% macro key_beside(connector, key, value) -%}
    {%- if lead_qualification.connector_schemas(connector) | length > 1 -%}
        ({{ lead_qualification.regexp_replace_all(key, '[^-]*$', '') }} || nullif({{ value }}, ''))
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{#- A word of an option as a list of literals; a list without words is one that nothing equals. -#}
{% macro option_literals(connector, name) %}
    {%- set given = lead_qualification.connector_option(connector, name) or [] -%}
    {%- set words = [given] if given is string else given -%}
    {%- set literals = [] -%}
    {%- for word in words -%}
        {%- do literals.append(lead_qualification.text_literal(word | string)) -%}
    {%- endfor -%}
    {{ return(literals or ["''"]) }}
{% endmacro %}


{#- A name as names of tables and columns are compared: lower case, without _ and -. -#}
{% macro bare_name(name) %}
    {{ return(name | lower | replace('_', '') | replace('-', '')) }}
{% endmacro %}


{#- Checks of the var that need no warehouse; they speak while dbt parses, too. -#}
{% macro check_connectors() %}
    {%- set connected = lead_qualification.connectors() -%}
    {%- if connected and (env_var('LEAD_RAW_PATH', '') or var('raw_schema', '')) -%}
        {{ exceptions.raise_compiler_error(
            'Raw tables come from two places: the var connectors, and '
            ~ ('LEAD_RAW_PATH' if env_var('LEAD_RAW_PATH', '') else 'the var raw_schema') ~ '. Set one of them.') }}
    {%- endif -%}
    {%- for connector, settings in connected.items() -%}
        {%- set declaration = lead_qualification.connector_declaration(connector) -%}
        {%- set known = ['schema', 'database', 'except'] + declaration.get('options', []) -%}
        {%- for name in settings or {} if name not in known -%}
            {{ exceptions.raise_compiler_error(
                'The var connectors gives ' ~ connector ~ ' the option ' ~ name ~ ', which it does not have. '
                ~ 'It has: ' ~ known | join(', ') ~ '.') }}
        {%- endfor -%}
        {%- for name in (settings or {}).get('except') or [] if name not in declaration.gives -%}
            {{ exceptions.raise_compiler_error(
                'The var connectors gives ' ~ connector ~ ' the exception ' ~ name ~ ', which it does not give. '
                ~ 'It gives: ' ~ declaration.gives | join(', ') ~ '.') }}
        {%- endfor -%}
        {%- if not (settings or {}).get('schema') -%}
            {{ exceptions.raise_compiler_error(
                'The var connectors does not say where ' ~ connector ~ ' landed. Add its schema: {'
                ~ connector ~ ': {schema: ...}}.') }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
