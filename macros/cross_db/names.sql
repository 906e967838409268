{#-
    Refuses names that mean two things. dbt reads this while it parses too, so that it speaks before
    the engine fails at one of them.
-#}
{% macro check_names() %}
    {%- do lead_qualification.check_connectors() -%}
    {%- set raw_schema = lead_qualification.raw_file_schema() if lead_qualification.raw_data() == 'files' else var('raw_schema', '') -%}
    {%- if raw_schema | lower in lead_qualification.written_schemas() -%}
        {{ exceptions.raise_compiler_error(
            'The raw schema is ' ~ raw_schema ~ ', into which the build itself writes. '
            ~ 'Set the var raw_schema to the schema into which the raw tables are loaded.') }}
    {%- endif -%}
    {%- do adapter.dispatch('check_database_name', 'lead_qualification')(target.database | default('', true)) -%}
{% endmacro %}


{#- The schemas of the project, unless generate_schema_name is overridden. -#}
{% macro written_schemas() %}
    {%- set schemas = [] -%}
    {%- for part in ['staging', 'intermediate', 'marts', 'policy', 'demo', 'predictive']
        + (['connectors', 'raw'] if lead_qualification.connectors() else []) -%}
        {%- do schemas.append((target.schema ~ '_' ~ part) | lower) -%}
    {%- endfor -%}
    {{ return(schemas) }}
{% endmacro %}


{% macro default__check_database_name(database) %}
{% endmacro %}

{#- A DuckDB database is called as its file, and a.b may mean a database or a schema called a. -#}
{% macro duckdb__check_database_name(database) %}
    {%- set taken = ['main', 'temp', 'system', 'information_schema', 'pg_catalog', lead_qualification.raw_file_schema()]
        + lead_qualification.written_schemas() -%}
    {%- if database | lower in taken -%}
        {{ exceptions.raise_compiler_error(
            'The DuckDB file is called ' ~ database ~ ', which is the name of a schema or of a database of DuckDB itself. '
            ~ 'Give it another name (LEAD_DB_PATH), such as leads.duckdb.') }}
    {%- endif -%}
{% endmacro %}
