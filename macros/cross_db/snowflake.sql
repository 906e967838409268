{#-
    Snowflake. The project's timestamps are TIMESTAMP_NTZ, what timestamp means there unless
    TIMESTAMP_TYPE_MAPPING is changed. What it has in common with other engines is in the defaults.
-#}

{#- There is no division of whole numbers, and a quotient is rounded. -#}
{% macro snowflake__whole_quotient(dividend, divisor) -%}
    ((cast({{ dividend }} as decimal(38, 0)) - mod(cast({{ dividend }} as decimal(38, 0)), {{ divisor }})) / {{ divisor }})
{%- endmacro %}


{% macro snowflake__json_of(members) -%}
    to_json(object_construct_keep_null({{ lead_qualification.names_and_values(members) }}))
{%- endmacro %}


{#- regexp_like wants the whole text to match; regexp_instr finds the pattern anywhere in it. -#}
{% macro snowflake__regexp_like(expression, pattern) -%}
    (regexp_instr({{ expression }}, '{{ pattern }}') > 0)
{%- endmacro %}

{% macro snowflake__regexp_replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro snowflake__trim_whitespace(expression) -%}
    trim({{ expression }}, ' ' || chr(9) || chr(10) || chr(13))
{%- endmacro %}

{% macro snowflake__joined_texts(expression, separator, order_by) -%}
    listagg({{ expression }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}


{% macro snowflake__add_days(timestamp, days) -%}
    dateadd('day', {{ days }}, {{ timestamp }})
{%- endmacro %}

{#- dateadd rounds to whole units. -#}
{% macro snowflake__add_seconds(timestamp, seconds) -%}
    dateadd('microsecond', ({{ seconds }}) * cast(1000000 as bigint), {{ timestamp }})
{%- endmacro %}

{% macro snowflake__add_months(timestamp, months) -%}
    dateadd('month', {{ months }}, {{ timestamp }})
{%- endmacro %}

{% macro snowflake__elapsed_seconds(from_timestamp, to_timestamp) -%}
    (cast(datediff('microsecond', {{ from_timestamp }}, {{ to_timestamp }}) as decimal(38, 6)) / 1000000)
{%- endmacro %}

{% macro snowflake__calendar_days(from_timestamp, to_timestamp) -%}
    datediff('day', {{ from_timestamp }}, {{ to_timestamp }})
{%- endmacro %}

{#- The first day of a week is a setting of the session. -#}
{% macro snowflake__start_of_week(timestamp) -%}
    dateadd('day', 1 - dayofweekiso({{ timestamp }}), date_trunc('day', {{ timestamp }}))
{%- endmacro %}

{% macro snowflake__utc_from_local(local_timestamp, time_zone) -%}
    {{ lead_qualification.utc_from_offsets(local_timestamp, time_zone) }}
{%- endmacro %}

{% macro snowflake__local_from_utc(timestamp, time_zone) -%}
    convert_timezone('UTC', {{ time_zone }}, {{ timestamp }})
{%- endmacro %}
