{#- The raw row as a JSON object of texts, so that a row which cannot be used can still be read. -#}
{% macro row_as_json(table_name) -%}
    {%- set contract = lead_qualification.raw_contract(table_name) -%}
    '{'
    {%- for column in contract['required'] + contract['optional'] %}
    || '{{ ", " if not loop.first }}"{{ column }}": ' || {{ lead_qualification.json_text(column) }}
    {%- endfor %}
    || '}'
{%- endmacro %}


{#- A column as a JSON string or null. -#}
{% macro json_text(column) -%}
    {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set backslash = 'chr(92)' -%}
    coalesce(
        '"' || replace(replace(replace(replace(replace(
            {{ text }},
            {{ backslash }}, {{ backslash }} || {{ backslash }}),
            '"', {{ backslash }} || '"'),
            chr(9), {{ backslash }} || 't'),
            chr(10), {{ backslash }} || 'n'),
            chr(13), {{ backslash }} || 'r')
        || '"',
        'null'
    )
{%- endmacro %}
