{#-
    After group by: every combination of the columns and their totals; a null is the total.
    beside: columns that every row is grouped by.
-#}
{% macro cube(columns, beside=[]) -%}
    {{ return(adapter.dispatch('cube', 'lead_qualification')(columns, beside)) }}
{%- endmacro %}

{% macro default__cube(columns, beside) -%}
    {{ beside | map('string') | join(', ') ~ ', ' if beside }}cube ({{ columns | join(', ') }})
{%- endmacro %}


{#- A relation of rows of SQL expressions without subqueries, as it stands after from or join. -#}
{% macro listed_rows(rows, relation, columns) -%}
    {%- for row in rows if '(select' in row | join(', ') -%}
        {{ exceptions.raise_compiler_error('listed_rows: ' ~ relation ~ ' has a subquery, which Spark does not take there; join it') }}
    {%- endfor -%}
    {{ return(adapter.dispatch('listed_rows', 'lead_qualification')(rows, relation, columns)) }}
{%- endmacro %}

{% macro default__listed_rows(rows, relation, columns) -%}
    (values {% for row in rows %}({{ row | join(', ') }}){{ ', ' if not loop.last }}{% endfor %}) as {{ relation }} ({{ columns | join(', ') }})
{%- endmacro %}


{#-
    After select: that few rows come of many branches of union all. Spark would start a task for each branch,
    and send the plan of all of them with it; elsewhere nothing.
-#}
{% macro in_one_task() -%}
    {{ return(adapter.dispatch('in_one_task', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__in_one_task() -%}
{%- endmacro %}

{% macro spark__in_one_task() -%}
    {{- ' /*+ coalesce(1) */' -}}
{%- endmacro %}
