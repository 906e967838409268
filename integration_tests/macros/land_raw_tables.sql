{#- Stands for an extract tool: each CSV file of raw/ becomes a table of the schema crm_landing. -#}
{% macro land_raw_tables() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'test', 'seed', 'compile') -%}
        {%- set folder = env_var('ACME_RAW_PATH', 'raw') -%}
        {%- do run_query('create schema if not exists crm_landing') -%}
        {%- for file in run_query("select file from glob('" ~ folder ~ "/*.csv')").columns[0].values() -%}
            {%- set table_name = modules.re.sub('^.*/|[.]csv$', '', file) -%}
            {%- do run_query(
                'create or replace table crm_landing.' ~ table_name
                ~ " as select * from read_csv('" ~ file ~ "', header = true, all_varchar = true)") -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
