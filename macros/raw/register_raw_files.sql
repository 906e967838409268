{#-
    Runs before everything else, or alone as an operation, when LEAD_RAW_PATH names a folder: each <table>.csv or
    <table>.parquet in it becomes a view in the raw schema, a table without a file has none.
    On Spark a table may be a folder of such files too. Other engines read no files: load them
    into a schema (var raw_schema).
    What cannot be read as it was meant stops the build; what no table reads is a warning.
-#}
{% macro register_raw_files() %}
    {%- if execute and lead_qualification.raw_data() == 'files' and flags.WHICH in ('run', 'build', 'test', 'compile', 'show', 'docs', 'generate', 'run-operation') -%}
        {%- set folder = lead_qualification.raw_folder() -%}
        {%- set found = lead_qualification.sorted_raw_files(lead_qualification.raw_files_of(folder)) -%}
        {%- set chosen = lead_qualification.one_file_per_table(found, folder) -%}
        {%- do lead_qualification.stop_at_raw_files(chosen.faults, folder) -%}
        {%- set readable, faults = {}, [] -%}
        {%- for table_name, file in chosen.files.items() -%}
            {%- set checked = lead_qualification.checked_raw_file(file) -%}
            {%- do faults.extend(checked.faults) -%}
            {%- do readable.update({table_name: checked}) -%}
        {%- endfor -%}
        {%- do lead_qualification.stop_at_raw_files(faults, folder) -%}
        {%- if lead_qualification.whole_files_are_checked() -%}
            {%- do lead_qualification.warn_of_unread_files(found.unread, folder) -%}
        {%- endif -%}
        {%- do run_query('create schema if not exists ' ~ lead_qualification.raw_file_schema()) -%}
        {%- for table_name in lead_qualification.raw_contracts() -%}
            {%- do lead_qualification.register_raw_file(table_name, readable.get(table_name)) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The folder of raw files, without a slash at its end. -#}
{% macro raw_folder() %}
    {%- set folder = env_var('LEAD_RAW_PATH', '') -%}
    {{ return(folder.rstrip('/') or folder) }}
{% endmacro %}


{#- Whether this run reads what is in the files, so that every line of them is checked. -#}
{% macro whole_files_are_checked() %}
    {{ return(flags.WHICH in ('run', 'build', 'run-operation')) }}
{% endmacro %}


{% macro raw_file_schema() %}
    {{ return('lead_raw') }}
{% endmacro %}


{#- The files of a folder: name, path, size in bytes (none if unknown), and is_folder for what has files itself. -#}
{% macro raw_files_of(folder) %}
    {{ return(adapter.dispatch('raw_files_of', 'lead_qualification')(folder)) }}
{% endmacro %}

{% macro default__raw_files_of(folder) %}
    {{ exceptions.raise_compiler_error(
        'LEAD_RAW_PATH is set, but files are read on DuckDB and Spark only. '
        ~ 'Load the raw tables into a schema and name it with the var raw_schema.') }}
{% endmacro %}


{#- A file of sorted_raw_files with its faults and, if it is a CSV, its header (see csv_header). -#}
{% macro checked_raw_file(file) %}
    {{ return(adapter.dispatch('checked_raw_file', 'lead_qualification')(file)) }}
{% endmacro %}

{% macro default__checked_raw_file(file) %}
    {{ return(lead_qualification.default__raw_files_of('')) }}
{% endmacro %}


{#- Makes a raw table of a checked file, or removes it where there is none. -#}
{% macro register_raw_file(table_name, file) %}
    {{ return(adapter.dispatch('register_raw_file', 'lead_qualification')(table_name, file)) }}
{% endmacro %}

{% macro default__register_raw_file(table_name, file) %}
    {{ return(lead_qualification.default__raw_files_of('')) }}
{% endmacro %}
