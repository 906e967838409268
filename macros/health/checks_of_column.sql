{#-
    The checks of data_health that count the values of a column that cannot be read or that no list
    knows; none where every text will do. A value of some attribute may be either.
-#}
{% macro checks_of_column(contract, column) %}
    {%- if column.kind == 'address' -%}
        {{ return(['no_address']) }}
    {%- endif -%}
    {%- set checks = [] -%}
    {%- for fault in ['unknown', 'unreadable'] if lead_qualification.fault_condition(contract, column, fault) -%}
        {%- do checks.append(fault ~ '_value') -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}
