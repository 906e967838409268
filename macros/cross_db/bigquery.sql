{#-
    BigQuery. The project's timestamps, UTC without a zone, are TIMESTAMP there, decimals NUMERIC or
    BIGNUMERIC. What it has in common with other engines is in the defaults.
-#}

{% macro bigquery__type_double() -%}
    float64
{%- endmacro %}


{#- NUMERIC has nine decimals at most. -#}
{% macro bigquery__type_rate(precision) -%}
    bignumeric({{ precision }}, 10)
{%- endmacro %}

{% macro bigquery__type_named(data_type) -%}
    {%- if data_type == 'varchar' -%}
        {{ return('string') }}
    {%- endif -%}
    {{ return(data_type | replace('decimal(18,10)', 'bignumeric(18,10)') | replace('decimal(38,10)', 'bignumeric(38,10)')) }}
{%- endmacro %}

{% macro bigquery__type_money_ratio() -%}
    bignumeric(38, 10)
{%- endmacro %}


{% macro bigquery__whole_quotient(dividend, divisor) -%}
    div(cast({{ dividend }} as int64), {{ divisor }})
{%- endmacro %}


{% macro bigquery__json_of(members) -%}
    to_json_string(struct({% for name, expression in members.items() %}cast({{ expression }} as string) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{#- A path of json_value is a literal; a subscript need not be one. -#}
{% macro bigquery__json_value(json, name) -%}
    lax_string(parse_json({{ json }})[{{ name }}])
{%- endmacro %}


{% macro bigquery__regexp_like(expression, pattern) -%}
    regexp_contains({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro bigquery__regexp_replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro bigquery__trim_whitespace(expression) -%}
    trim({{ expression }}, ' ' || chr(9) || chr(10) || chr(13))
{%- endmacro %}

{% macro bigquery__text_part(expression, delimiter, number) -%}
    coalesce(split({{ expression }}, '{{ delimiter }}')[safe_ordinal({{ number }})], '')
{%- endmacro %}

{% macro bigquery__contains(expression, searched) -%}
    strpos({{ expression }}, {{ searched }}) > 0
{%- endmacro %}

{% macro bigquery__md5_text(expression) -%}
    to_hex(md5({{ expression }}))
{%- endmacro %}


{#- A percentile is a window function only; here it is made from the sorted values. -#}
{% macro bigquery__percentile_cont(expression, share) -%}
    {%- set values = 'array_agg(' ~ expression ~ ' ignore nulls order by ' ~ expression ~ ')' -%}
    {%- set place = share ~ ' * (count(' ~ expression ~ ') - 1)' -%}
    {%- set below = values ~ '[safe_offset(cast(floor(' ~ place ~ ') as int64))]' -%}
    {%- set above = values ~ '[safe_offset(cast(ceil(' ~ place ~ ') as int64))]' -%}
    ({{ below }} + ({{ above }} - {{ below }}) * ({{ place }} - floor({{ place }})))
{%- endmacro %}


{#- Two rows or more; there is no values list. -#}
{% macro bigquery__listed_rows(rows, relation, columns) -%}
    (
        {%- for row in rows %}
        select {% for cell in row %}{{ cell }} as {{ columns[loop.index0] }}{{ ', ' if not loop.last }}{% endfor %}
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ) as {{ relation }}
{%- endmacro %}


{#- cube does not stand beside other columns. -#}
{% macro bigquery__cube(columns, beside) -%}
    {%- if not beside -%}
        {{ return('cube (' ~ columns | join(', ') ~ ')') }}
    {%- endif -%}
    {%- set sets = [beside] -%}
    {%- for column in columns -%}
        {%- for columns_of_set in sets | list -%}
            {%- do sets.append(columns_of_set + [column]) -%}
        {%- endfor -%}
    {%- endfor -%}
    grouping sets ({% for columns_of_set in sets %}({{ columns_of_set | join(', ') }}){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{#- Text of a time to the minute at least; a cast wants the seconds too. -#}
{% macro bigquery__timestamp_of_text(expression) -%}
    cast({{ expression }} || case length({{ expression }}) when 16 then ':00' else '' end as timestamp)
{%- endmacro %}


{% macro bigquery__add_days(timestamp, days) -%}
    timestamp_add({{ timestamp }}, interval cast({{ days }} as int64) day)
{%- endmacro %}

{% macro bigquery__add_seconds(timestamp, seconds) -%}
    timestamp_add({{ timestamp }}, interval cast(({{ seconds }}) * 1000000 as int64) microsecond)
{%- endmacro %}

{% macro bigquery__add_months(timestamp, months) -%}
    cast(datetime_add(cast({{ timestamp }} as datetime), interval {{ months }} month) as timestamp)
{%- endmacro %}

{% macro bigquery__elapsed_seconds(from_timestamp, to_timestamp) -%}
    (cast(timestamp_diff({{ to_timestamp }}, {{ from_timestamp }}, microsecond) as numeric) / 1000000)
{%- endmacro %}

{% macro bigquery__calendar_days(from_timestamp, to_timestamp) -%}
    date_diff(cast({{ to_timestamp }} as date), cast({{ from_timestamp }} as date), day)
{%- endmacro %}

{% macro bigquery__start_of_week(timestamp) -%}
    timestamp_trunc({{ timestamp }}, isoweek)
{%- endmacro %}

{% macro bigquery__utc_from_local(local_timestamp, time_zone) -%}
    {{ lead_qualification.utc_from_offsets(local_timestamp, time_zone) }}
{%- endmacro %}

{% macro bigquery__local_from_utc(timestamp, time_zone) -%}
    cast(datetime({{ timestamp }}, {{ time_zone }}) as timestamp)
{%- endmacro %}


{#-
    Overrides of dbt's own macros: contracts and seeds name types that BigQuery does not have. dbt
    takes those of the project that it runs; a project that has this one as a package lists it before
    dbt in its search order (docs/engines.md).
-#}
{% macro bigquery__get_empty_schema_sql(columns) -%}
    {{ return(dbt.bigquery__get_empty_schema_sql(lead_qualification.with_named_types(columns))) }}
{%- endmacro %}

{% macro bigquery__get_table_columns_and_constraints() -%}
    ({{ adapter.render_raw_columns_constraints(
        raw_columns=lead_qualification.with_named_types(model['columns'])) | join(', ') }})
{%- endmacro %}

{% macro with_named_types(columns) -%}
    {%- set named = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do named.update({name: dict(column, data_type=lead_qualification.type_named(column['data_type']))}) -%}
    {%- endfor -%}
    {{ return(named) }}
{%- endmacro %}

{#- A load job knows types without a precision. -#}
{% macro bigquery__load_csv_rows(model, agate_table) -%}
    {%- set types = {} -%}
    {%- for name, data_type in model['config'].get('column_types', {}).items() -%}
        {%- do types.update({name: lead_qualification.type_named(data_type).split('(')[0]}) -%}
    {%- endfor -%}
    {%- set named = dict(model, config=dict(model['config'], column_types=types)) -%}
    {{ return(dbt.bigquery__load_csv_rows(named, agate_table)) }}
{%- endmacro %}
