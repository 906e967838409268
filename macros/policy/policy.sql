{#-
    A policy table: the seed of this package, or, where the var policy_tables names another, a seed
    or model of the host project.
    Example: select * from {{ policy('signal_points') }}
    In a host project: vars: {policy_tables: {signal_points: our_signal_points}}
-#}
{% macro policy(table_name) -%}
    {%- set own = var('policy_tables', {}) -%}
    {%- if table_name in own -%}
        {{ return(ref(own[table_name])) }}
    {%- endif -%}
    {{ return(ref('lead_qualification', table_name)) }}
{%- endmacro %}
