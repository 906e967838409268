{#- A whole number of 60 bits that stands for a text: the same in every build, on every engine. -#}
{% macro stable_key(expression) -%}
    {{ return(adapter.dispatch('stable_key', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__stable_key(expression) -%}
    cast('0x' || substr({{ lead_qualification.md5_text(expression) }}, 1, 15) as bigint)
{%- endmacro %}

{% macro postgres__stable_key(expression) -%}
    cast(cast('x0' || substr({{ lead_qualification.md5_text(expression) }}, 1, 15) as bit(64)) as bigint)
{%- endmacro %}

{% macro spark__stable_key(expression) -%}
    cast(conv(substr({{ lead_qualification.md5_text(expression) }}, 1, 15), 16, 10) as bigint)
{%- endmacro %}

{% macro snowflake__stable_key(expression) -%}
    to_number(substr({{ lead_qualification.md5_text(expression) }}, 1, 15), 'XXXXXXXXXXXXXXX')
{%- endmacro %}


{#- Some bits of a whole number, 0 or more, from a position on: one of several numbers within it. -#}
{% macro packed_part(word, position, bits) -%}
    {{ return(adapter.dispatch('packed_part', 'lead_qualification')(word, position, bits)) }}
{%- endmacro %}

{% macro default__packed_part(word, position, bits) -%}
    cast((({{ word }}) >> {{ position }}) & {{ 2 ** bits - 1 }} as integer)
{%- endmacro %}

{% macro spark__packed_part(word, position, bits) -%}
    cast(shiftright({{ word }}, {{ position }}) & {{ 2 ** bits - 1 }} as integer)
{%- endmacro %}

{% macro snowflake__packed_part(word, position, bits) -%}
    cast(bitand(bitshiftright({{ word }}, {{ position }}), {{ 2 ** bits - 1 }}) as integer)
{%- endmacro %}
