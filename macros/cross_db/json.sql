{#- A JSON object, as text, with the columns of the row under their names, as texts. -#}
{% macro json_object(columns) %}
    {%- set members = {} -%}
    {%- for column in columns -%}
        {%- do members.update({column: column}) -%}
    {%- endfor -%}
    {{ return(lead_qualification.json_of(members)) }}
{% endmacro %}


{#- A JSON object, as text; members: name -> expression, whose value becomes a text. -#}
{% macro json_of(members) -%}
    {{ return(adapter.dispatch('json_of', 'lead_qualification')(members)) }}
{%- endmacro %}

{% macro spark__json_of(members) -%}
    to_json(named_struct({{ lead_qualification.names_and_values(members) }}), map('ignoreNullFields', 'false'))
{%- endmacro %}

{% macro duckdb__json_of(members) -%}
    cast(json_object({{ lead_qualification.names_and_values(members) }}) as varchar)
{%- endmacro %}

{% macro postgres__json_of(members) -%}
    cast(json_build_object({{ lead_qualification.names_and_values(members) }}) as text)
{%- endmacro %}

{% macro names_and_values(members) -%}
    {%- for name, expression in members.items() -%}
        '{{ name }}', cast({{ expression }} as {{ dbt.type_string() }}){{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    An aggregate: a JSON array, as text, of objects whose values are texts, in an order.
    Written out, so that the text is the same on every engine.
    Example: json_array_of_texts([{'name': 'signal', 'value': 'signal'}], 'newest_rank')
    gives [{"signal": "demo_request"}, {"signal": "form_submit"}].
-#}
{% macro json_array_of_texts(members, order_by) -%}
    {%- set texts = [] -%}
    {%- for member in members -%}
        {%- do texts.append('\'"' ~ member.name ~ '": \' || ' ~ lead_qualification.json_text(member.value)) -%}
    {%- endfor -%}
    '[' || {{ lead_qualification.joined_texts("'{' || " ~ texts | join(" || ', ' || ") ~ " || '}'", ', ', order_by) }} || ']'
{%- endmacro %}


{#- A text as a JSON string; names of policies and times have no control characters. -#}
{% macro json_text(expression) -%}
    {#- chr(92) is the backslash: not every engine reads it in a literal as itself. -#}
    '"' || replace(replace({{ expression }}, chr(92), chr(92) || chr(92)), '"', chr(92) || '"') || '"'
{%- endmacro %}


{#- The text under a name in a JSON object that is a text; name is an expression. -#}
{% macro json_value(json, name) -%}
    {{ return(adapter.dispatch('json_value', 'lead_qualification')(json, name)) }}
{%- endmacro %}

{% macro default__json_value(json, name) -%}
    json_value({{ json }}, '$.' || {{ name }})
{%- endmacro %}

{% macro duckdb__json_value(json, name) -%}
    json_extract_string({{ json }}, '$.' || {{ name }})
{%- endmacro %}

{% macro postgres__json_value(json, name) -%}
    (cast({{ json }} as json) ->> {{ name }})
{%- endmacro %}

{% macro spark__json_value(json, name) -%}
    get_json_object({{ json }}, '$.' || {{ name }})
{%- endmacro %}

{% macro snowflake__json_value(json, name) -%}
    cast(get(parse_json({{ json }}), {{ name }}) as varchar)
{%- endmacro %}
