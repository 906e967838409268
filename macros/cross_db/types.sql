{#- Double precision, for rates only: no score is ever a float. -#}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__type_double() -%}
    double precision
{%- endmacro %}

{% macro spark__type_double() -%}
    double
{%- endmacro %}
