{#- A row of raw_table as a JSON object of texts, so that a row which cannot be used can still be read. -#}
{% macro row_as_json(table_name) -%}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    {{ lead_qualification.json_object(contract['required'] + contract['optional']) }}
{%- endmacro %}
