{#-
    Runs before everything else when LEAD_RAW_PATH names a folder: each <table>.csv or
    <table>.parquet in it becomes a view in the raw schema, a table without a file has none.
    On Spark a table may be a folder of such files too. Other engines read no files: load them
    into a schema (var raw_schema).
-#}
{% macro register_raw_files() %}
    {%- if execute and lead_qualification.raw_data() == 'files' and flags.WHICH in ('run', 'build', 'test', 'compile', 'show', 'docs', 'generate') -%}
        {{ return(adapter.dispatch('register_raw_files', 'lead_qualification')(env_var('LEAD_RAW_PATH'))) }}
    {%- endif -%}
{% endmacro %}

{% macro default__register_raw_files(folder) %}
    {{ exceptions.raise_compiler_error(
        'LEAD_RAW_PATH is set, but files are read on DuckDB and Spark only. '
        ~ 'Load the raw tables into a schema and name it with the var raw_schema.') }}
{% endmacro %}

{% macro duckdb__register_raw_files(folder) %}
    {%- set schema = lead_qualification.raw_file_schema() -%}
    {%- set files = run_query("select file from glob('" ~ folder ~ "/*')").columns[0].values() -%}
    {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- for table_name in lead_qualification.raw_contracts() -%}
        {%- set parquet = folder ~ '/' ~ table_name ~ '.parquet' -%}
        {%- set csv = folder ~ '/' ~ table_name ~ '.csv' -%}
        {%- if parquet in files and csv in files -%}
            {{ exceptions.raise_compiler_error(
                'Raw table ' ~ table_name ~ ' exists twice: ' ~ parquet ~ ' and ' ~ csv ~ '. Keep one.') }}
        {%- endif -%}
        {%- do run_query('drop view if exists ' ~ schema ~ '.' ~ table_name) -%}
        {%- if parquet in files -%}
            {%- do run_query('create view ' ~ schema ~ '.' ~ table_name
                ~ " as select * from read_parquet('" ~ parquet ~ "')") -%}
        {%- elif csv in files -%}
            {%- do run_query('create view ' ~ schema ~ '.' ~ table_name
                ~ " as select * from read_csv('" ~ csv ~ "', header = true, all_varchar = true,"
                ~ " delim = ',', quote = '\"', escape = '\"')") -%}
        {%- elif table_name == 'leads' -%}
            {{ exceptions.raise_compiler_error(
                'Raw table leads is missing: found neither leads.csv nor leads.parquet in '
                ~ lead_qualification.without_credentials(folder) ~ ' (LEAD_RAW_PATH).') }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{#- The folder is listed by Spark itself, so it may lie wherever Spark reads, and paths come back whole. -#}
{% macro spark__register_raw_files(folder) %}
    {%- set schema = lead_qualification.raw_file_schema() -%}
    {%- do run_query("create or replace temporary view raw_files using binaryFile options ("
        ~ "path '" ~ folder ~ "', recursiveFileLookup 'true')") -%}
    {%- set parts = "regexp_extract(path, '^(.*/([a-z_]+)[.](csv|parquet))(/.*)?$', %)" -%}
    {%- set listed = run_query(
        'select distinct ' ~ parts | replace('%', '1') ~ ' as location, '
        ~ parts | replace('%', '2') ~ ' as table_name, ' ~ parts | replace('%', '3') ~ ' as format from raw_files') -%}
    {%- do run_query('drop view raw_files') -%}
    {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- for table_name in lead_qualification.raw_contracts() -%}
        {%- set files = listed.rows | selectattr('table_name', 'equalto', table_name) | list -%}
        {%- do run_query('drop table if exists ' ~ schema ~ '.' ~ table_name) -%}
        {%- if files | length > 1 -%}
            {{ exceptions.raise_compiler_error(
                'Raw table ' ~ table_name ~ ' exists twice: ' ~ files | map(attribute='location') | join(' and ') ~ '. Keep one.') }}
        {%- elif files | length == 1 -%}
            {%- set options = " options (header 'true', multiLine 'true', quote '\"', escape '\"')" -%}
            {%- do run_query('create table ' ~ schema ~ '.' ~ table_name ~ ' using ' ~ files[0]['format']
                ~ (options if files[0]['format'] == 'csv' else '') ~ " location '" ~ files[0]['location'] ~ "'") -%}
        {%- elif table_name == 'leads' -%}
            {{ exceptions.raise_compiler_error(
                'Raw table leads is missing: found neither leads.csv nor leads.parquet in '
                ~ lead_qualification.without_credentials(folder) ~ ' (LEAD_RAW_PATH).') }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro raw_file_schema() %}
    {{ return('lead_raw') }}
{% endmacro %}
