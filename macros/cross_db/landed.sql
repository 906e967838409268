{#- What landed data need and engines spell differently. -#}

{#- The tables and views of a schema, as a list of schema and name in the spelling of the catalogue. -#}
{% macro landed_relations(database, schema) %}
    {%- set listed = [] -%}
    {%- for row in run_query(adapter.dispatch('landed_relations_sql', 'lead_qualification')(database, schema)).rows -%}
        {%- do listed.append({'schema': row[0], 'name': row[1]}) -%}
    {%- endfor -%}
    {{ return(listed) }}
{% endmacro %}

{% macro default__landed_relations_sql(database, schema) -%}
    select table_schema, table_name
    from {{ adapter.quote(database) }}.information_schema.tables
    where lower(table_schema) = lower({{ lead_qualification.text_literal(schema) }})
        and lower(table_catalog) = lower({{ lead_qualification.text_literal(database) }})
    order by table_schema, table_name
{%- endmacro %}

{% macro duckdb__landed_relations_sql(database, schema) -%}
    select table_schema, table_name
    from system.information_schema.tables
    where lower(table_schema) = lower({{ lead_qualification.text_literal(schema) }})
        and lower(table_catalog) = lower({{ lead_qualification.text_literal(database) }})
    order by table_schema, table_name
{%- endmacro %}

{% macro snowflake__landed_relations_sql(database, schema) -%}
    select table_schema, table_name
    from {{ database }}.information_schema.tables
    where lower(table_schema) = lower({{ lead_qualification.text_literal(schema) }})
    order by table_schema, table_name
{%- endmacro %}

{% macro bigquery__landed_relations_sql(database, schema) -%}
    select table_schema, table_name
    from `{{ database }}`.`{{ schema }}`.INFORMATION_SCHEMA.TABLES
    order by table_schema, table_name
{%- endmacro %}

{% macro spark__landed_relations_sql(database, schema) -%}
    show tables in {{ schema }}
{%- endmacro %}


{#-
    A stored column as trimmed text. is_key: an identifier, which may have landed as a number; then
    without the decimals of one.
-#}
{% macro landed_cell(column, is_key=false) -%}
    {%- set text = lead_qualification.landed_text(column, is_key) -%}
    {%- if is_key and column.type.split('(')[0] in ['decimal', 'numeric', 'number', 'bignumeric', 'text', 'varchar', 'string'] -%}
        case
            when {{ lead_qualification.regexp_like(text, '^[0-9]+[.]0+$') }}
                then {{ lead_qualification.regexp_replace_all(text, '[.]0+$', '') }}
            else {{ text }}
        end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}

{% macro landed_text(column, is_key) -%}
    {%- set name = adapter.quote(column.name) -%}
    {%- if is_key and column.type.split('(')[0] in ['double', 'double precision', 'float', 'float64', 'real', 'float8'] -%}
        {#- A double as text may be in scientific notation. -#}
        {%- set name = 'cast(' ~ name ~ ' as decimal(38, 0))' -%}
    {%- endif -%}
    {{ lead_qualification.trimmed_text(adapter.dispatch('landed_value', 'lead_qualification')(name, column.type)) }}
{%- endmacro %}

{% macro default__landed_value(name, stored_type) -%}
    {{ name }}
{%- endmacro %}

{#- Lists and records as JSON. -#}
{% macro duckdb__landed_value(name, stored_type) -%}
    {{ 'to_json(' ~ name ~ ')' if stored_type.endswith(']') or stored_type.startswith('struct') else name }}
{%- endmacro %}

{% macro postgres__landed_value(name, stored_type) -%}
    {{ 'to_json(' ~ name ~ ')' if stored_type.endswith(']') or stored_type == 'array' else name }}
{%- endmacro %}

{% macro spark__landed_value(name, stored_type) -%}
    {{ 'to_json(' ~ name ~ ')' if stored_type.startswith('array') or stored_type.startswith('struct') or stored_type.startswith('map') else name }}
{%- endmacro %}

{% macro bigquery__landed_value(name, stored_type) -%}
    {{ 'to_json_string(' ~ name ~ ')' if stored_type.startswith('array') or stored_type.startswith('struct') or stored_type in ['json', 'record'] else name }}
{%- endmacro %}

{% macro snowflake__landed_value(name, stored_type) -%}
    {{ name }}
{%- endmacro %}


{#-
    One row per part of a text with separators. Gives a whole select: the columns of the relation
    that are named, and the part, trimmed, under a name.
    Example: each_part('merges', ['contact_id'], 'merged_ids', ';', 'merged_id')
-#}
{% macro each_part(relation, columns, expression, separator, name) -%}
    {{ return(adapter.dispatch('each_part', 'lead_qualification')(relation, columns, expression, separator, name)) }}
{%- endmacro %}

{% macro default__each_part(relation, columns, expression, separator, name) -%}
    select {{ columns | join(', ') }}, trim(unnest(string_to_array({{ expression }}, '{{ separator }}'))) as {{ name }}
    from {{ relation }}
{%- endmacro %}

{% macro spark__each_part(relation, columns, expression, separator, name) -%}
    select {{ columns | join(', ') }}, trim({{ name }}_part) as {{ name }}
    from {{ relation }}
    lateral view explode(split({{ expression }}, '[{{ separator }}]')) as {{ name }}_part
{%- endmacro %}

{% macro bigquery__each_part(relation, columns, expression, separator, name) -%}
    select {{ columns | join(', ') }}, trim({{ name }}_part) as {{ name }}
    from {{ relation }}
    cross join unnest(split({{ expression }}, '{{ separator }}')) as {{ name }}_part
{%- endmacro %}

{% macro snowflake__each_part(relation, columns, expression, separator, name) -%}
    select {{ columns | join(', ') }}, trim(cast({{ name }}_parts.value as varchar)) as {{ name }}
    from {{ relation }}, lateral flatten(input => split({{ expression }}, '{{ separator }}')) as {{ name }}_parts
{%- endmacro %}


{#-
    One row per element of a JSON array, as JSON text under a name; no array: no row.
    Example: each_element('pipelines', ['pipeline_id'], 'stages', 'stage')
-#}
{% macro each_element(relation, columns, expression, name) -%}
    {{ return(adapter.dispatch('each_element', 'lead_qualification')(relation, columns, expression, name)) }}
{%- endmacro %}

{% macro default__each_element(relation, columns, expression, name) -%}
    select {{ columns | join(', ') }}, cast(unnest(json_extract(cast({{ expression }} as json), '$[*]')) as varchar) as {{ name }}
    from {{ relation }}
{%- endmacro %}

{% macro postgres__each_element(relation, columns, expression, name) -%}
    select {{ columns | join(', ') }}, cast(json_array_elements(cast({{ expression }} as json)) as text) as {{ name }}
    from {{ relation }}
{%- endmacro %}

{% macro spark__each_element(relation, columns, expression, name) -%}
    select {{ columns | join(', ') }}, {{ name }}_element as {{ name }}
    from {{ relation }}
    lateral view explode(from_json({{ expression }}, 'array<string>')) as {{ name }}_element
{%- endmacro %}

{% macro bigquery__each_element(relation, columns, expression, name) -%}
    select {{ columns | join(', ') }}, {{ name }}_element as {{ name }}
    from {{ relation }}
    cross join unnest(json_query_array({{ expression }})) as {{ name }}_element
{%- endmacro %}

{% macro snowflake__each_element(relation, columns, expression, name) -%}
    select {{ columns | join(', ') }}, to_json({{ name }}_elements.value) as {{ name }}
    from {{ relation }}, lateral flatten(input => try_parse_json({{ expression }})) as {{ name }}_elements
{%- endmacro %}


{#- The text at a path of names in a JSON object that is a text; null where there is none. -#}
{% macro json_at(json, path) -%}
    {{ return(adapter.dispatch('json_at', 'lead_qualification')(json, path)) }}
{%- endmacro %}

{% macro default__json_at(json, path) -%}
    json_value({{ json }}, '$.{{ path | join('.') }}')
{%- endmacro %}

{% macro duckdb__json_at(json, path) -%}
    json_extract_string({{ json }}, '$.{{ path | join('.') }}')
{%- endmacro %}

{% macro postgres__json_at(json, path) -%}
    (cast({{ json }} as json) #>> '{{ '{' ~ path | join(',') ~ '}' }}')
{%- endmacro %}

{% macro spark__json_at(json, path) -%}
    get_json_object({{ json }}, '$.{{ path | join('.') }}')
{%- endmacro %}

{% macro snowflake__json_at(json, path) -%}
    cast(get_path(try_parse_json({{ json }}), '{{ path | join('.') }}') as varchar)
{%- endmacro %}


{#- The instant of a number of microseconds since 1970, given as text of digits. -#}
{% macro time_of_microseconds(expression) -%}
    {{ return(adapter.dispatch('time_of_microseconds', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__time_of_microseconds(expression) -%}
    {{ lead_qualification.add_seconds("cast('1970-01-01 00:00:00' as timestamp)", 'cast(' ~ expression ~ ' as bigint) / 1000000') }}
{%- endmacro %}

{% macro duckdb__time_of_microseconds(expression) -%}
    make_timestamp(cast({{ expression }} as bigint))
{%- endmacro %}

{% macro postgres__time_of_microseconds(expression) -%}
    (cast('1970-01-01 00:00:00' as timestamp) + cast({{ expression }} as bigint) * interval '1 microsecond')
{%- endmacro %}

{% macro spark__time_of_microseconds(expression) -%}
    timestamp_micros(cast({{ expression }} as bigint))
{%- endmacro %}

{% macro bigquery__time_of_microseconds(expression) -%}
    timestamp_micros(cast({{ expression }} as int64))
{%- endmacro %}

{% macro snowflake__time_of_microseconds(expression) -%}
    to_timestamp_ntz(cast({{ expression }} as decimal(38, 0)), 6)
{%- endmacro %}
