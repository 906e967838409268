{#- The check of data_health that counts the values of a column that cannot be read; an empty text where none does. -#}
{% macro check_of_column(contract, column) %}
    {%- if column.kind == 'address' -%}
        {{ return('no_address') }}
    {%- elif lead_qualification.fault_condition(contract, column, 'unknown') -%}
        {{ return('unknown_value') }}
    {%- elif lead_qualification.fault_condition(contract, column, 'unreadable') -%}
        {{ return('unreadable_value') }}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
