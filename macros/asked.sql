{#- Whether the warehouse may be asked: not while dbt parses, and not with --no-introspect. -#}
{% macro looks_up() %}
    {{ return(execute and flags.INTROSPECT) }}
{% endmacro %}


{#-
    The rows that a query gives, for what decides how a model is written. A model asks the same many
    times, once for each column or rule; the warehouse is asked once.
-#}
{% macro asked(query) %}
    {%- set known = model.setdefault('asked', {}) -%}
    {%- if query not in known -%}
        {%- do known.update({query: run_query(query).rows}) -%}
    {%- endif -%}
    {{ return(known[query]) }}
{% endmacro %}


{#- Whether a relation has a row that meets a condition. -#}
{% macro any_row(relation, condition) %}
    {{ return(lead_qualification.asked(
        'select 1 as found from ' ~ relation ~ ' where ' ~ condition ~ ' limit 1') | length > 0) }}
{% endmacro %}


{#-
    The rows that a query gives, each a dictionary by the names of its columns in lower case: Snowflake tells
    them in upper case.
-#}
{% macro named_rows(query) %}
    {%- set found = run_query(query) -%}
    {%- set names = found.column_names | map('lower') | list -%}
    {%- set rows = [] -%}
    {%- for row in found.rows -%}
        {%- do rows.append(dict(zip(names, row.values()))) -%}
    {%- endfor -%}
    {{ return(rows) }}
{% endmacro %}
