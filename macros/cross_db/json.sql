{#- A JSON object, as text, with the columns of the row under their names, as texts. -#}
{% macro json_object(columns) -%}
    {{ return(adapter.dispatch('json_object', 'lead_qualification')(columns)) }}
{%- endmacro %}

{% macro spark__json_object(columns) -%}
    to_json(named_struct({{ lead_qualification.names_and_values(columns) }}), map('ignoreNullFields', 'false'))
{%- endmacro %}

{% macro duckdb__json_object(columns) -%}
    cast(json_object({{ lead_qualification.names_and_values(columns) }}) as varchar)
{%- endmacro %}

{% macro postgres__json_object(columns) -%}
    cast(json_build_object({{ lead_qualification.names_and_values(columns) }}) as text)
{%- endmacro %}

{% macro names_and_values(columns) -%}
    {%- for column in columns -%}
        '{{ column }}', cast({{ column }} as {{ dbt.type_string() }}){{ ', ' if not loop.last }}
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
