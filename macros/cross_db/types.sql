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


{#- A ratio, exact to ten places. -#}
{% macro type_rate(precision=18) -%}
    {{ return(adapter.dispatch('type_rate', 'lead_qualification')(precision)) }}
{%- endmacro %}

{% macro default__type_rate(precision) -%}
    decimal({{ precision }}, 10)
{%- endmacro %}


{#- Money and sums of it, with room for a billion of the largest amounts (see ranges). -#}
{% macro type_money() -%}
    decimal(28, 4)
{%- endmacro %}


{#- Money by a count or by money: every quotient of such sums fits. -#}
{% macro type_money_ratio() -%}
    {{ return(adapter.dispatch('type_money_ratio', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__type_money_ratio() -%}
    decimal(38, 10)
{%- endmacro %}


{#- A type of a contract or of a seed, as the engine names it. -#}
{% macro type_named(data_type) -%}
    {{ return(adapter.dispatch('type_named', 'lead_qualification')(data_type)) }}
{%- endmacro %}

{% macro default__type_named(data_type) -%}
    {{ return(data_type) }}
{%- endmacro %}

{% macro spark__type_named(data_type) -%}
    {{ return('string' if data_type == 'varchar' else data_type) }}
{%- endmacro %}


{#- The whole part of the quotient of two whole numbers, 0 or more. -#}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'lead_qualification')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_quotient(dividend, divisor) -%}
    div(cast({{ dividend }} as decimal(38, 0)), {{ divisor }})
{%- endmacro %}

{% macro duckdb__whole_quotient(dividend, divisor) -%}
    (cast({{ dividend }} as bigint) // {{ divisor }})
{%- endmacro %}

{% macro spark__whole_quotient(dividend, divisor) -%}
    (cast({{ dividend }} as bigint) div {{ divisor }})
{%- endmacro %}


{#- By type of the raw contract, the stored types whose cells need no parsing. -#}
{% macro stored_types() -%}
    {{ return(adapter.dispatch('stored_types', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__stored_types() -%}
    {%- set times = ['timestamp', 'timestamp without time zone', 'timestamp_ntz', 'date'] -%}
    {{ return({
        'boolean': ['boolean', 'bool'],
        'integer': ['smallint', 'integer', 'int', 'bigint', 'int64'],
        'decimal(18,2)': ['decimal(18,2)', 'numeric(18,2)'],
        'date': times,
        'timestamp': times,
    }) }}
{%- endmacro %}
