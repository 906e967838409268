{#- Arithmetic on timestamps without zone: a day is 24 hours. -#}

{% macro add_days(timestamp, days) -%}
    {{ return(adapter.dispatch('add_days', 'lead_qualification')(timestamp, days)) }}
{%- endmacro %}

{% macro default__add_days(timestamp, days) -%}
    ({{ timestamp }} + ({{ days }}) * interval '1 day')
{%- endmacro %}


{% macro add_seconds(timestamp, seconds) -%}
    {{ return(adapter.dispatch('add_seconds', 'lead_qualification')(timestamp, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(timestamp, seconds) -%}
    ({{ timestamp }} + ({{ seconds }}) * interval '1 second')
{%- endmacro %}


{#- Seconds from one timestamp to another, with their fraction. -#}
{% macro elapsed_seconds(from_timestamp, to_timestamp) -%}
    {{ return(adapter.dispatch('elapsed_seconds', 'lead_qualification')(from_timestamp, to_timestamp)) }}
{%- endmacro %}

{% macro default__elapsed_seconds(from_timestamp, to_timestamp) -%}
    extract(epoch from ({{ to_timestamp }} - {{ from_timestamp }}))
{%- endmacro %}


{#- Whole days of 24 hours between two timestamps, rounded down. -#}
{% macro whole_days(from_timestamp, to_timestamp) -%}
    cast(floor({{ lead_qualification.elapsed_seconds(from_timestamp, to_timestamp) }} / 86400) as integer)
{%- endmacro %}


{#- First day of the timestamp's month, as a date. -#}
{% macro month_of(timestamp) -%}
    cast({{ dbt.date_trunc('month', timestamp) }} as date)
{%- endmacro %}
