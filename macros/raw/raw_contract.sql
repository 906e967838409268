{#-
    The contract of a raw table. models/staging/sources.yml says it, and what each entry means;
    raw_contracts repeats it for macros, because graph.sources is empty while dbt parses and in
    unit tests.
        key, newest, happened, received: as there; happened and received may be none
        base: the model that reads the table
        required, optional: names of columns, in the order of the file
        columns: name, data_type, kind, accepted and unusable_if of every column, texts first
-#}
{% macro raw_contract(table_name) %}
    {%- set contract = lead_qualification.raw_contracts()[table_name] -%}
    {%- set columns = contract.columns -%}
    {%- do contract.update({
        'required': columns | selectattr('required') | map(attribute='name') | list,
        'optional': columns | rejectattr('required') | map(attribute='name') | list,
        'columns': columns | selectattr('data_type', 'equalto', 'text') | list
            + columns | rejectattr('data_type', 'equalto', 'text') | list}) -%}
    {{ return(contract) }}
{% endmacro %}
