{#- Macros named as some of the package, which must not call them. -#}
{% macro as_of() %}
    {{ exceptions.raise_compiler_error('as_of of the host project') }}
{% endmacro %}

{% macro policy(table_name) %}
    {{ exceptions.raise_compiler_error('policy of the host project') }}
{% endmacro %}

{% macro raw_table(table_name) %}
    {{ exceptions.raise_compiler_error('raw_table of the host project') }}
{% endmacro %}

{% macro stop_if_rows(relation, what) %}
    {{ exceptions.raise_compiler_error('stop_if_rows of the host project') }}
{% endmacro %}
