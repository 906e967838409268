{#-
    A text as a literal of SQL: the only place where a path, name or value is put between quotes.
    Example: {{ text_literal("it's") }} is 'it''s' on DuckDB and PostgreSQL.
-#}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'lead_qualification')(text | string)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{%- endmacro %}

{#- Where a backslash escapes within a literal, it is one itself only if it is doubled. -#}
{% macro spark__text_literal(text) -%}
    {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}

{% macro bigquery__text_literal(text) -%}
    {{ return(lead_qualification.spark__text_literal(text)) }}
{%- endmacro %}

{% macro snowflake__text_literal(text) -%}
    {{ return(lead_qualification.spark__text_literal(text)) }}
{%- endmacro %}


{#- Texts as literals with commas between them, for an in (...). -#}
{% macro text_literals(texts) -%}
    {%- set literals = [] -%}
    {%- for text in texts -%}
        {%- do literals.append(lead_qualification.text_literal(text)) -%}
    {%- endfor -%}
    {{ return(literals | join(', ')) }}
{%- endmacro %}
