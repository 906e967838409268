{#-
    Whether the var connectors names a connector; without a name, whether it names any. Each model of
    models/connectors/ asks in a config of its own: dbt_project.yml does not know the vars that it sets.
-#}
{% macro is_connected(connector=none) %}
    {%- set connected = lead_qualification.connectors() -%}
    {{ return(connector in connected if connector else connected | length > 0) }}
{% endmacro %}
