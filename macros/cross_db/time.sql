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

{% macro spark__elapsed_seconds(from_timestamp, to_timestamp) -%}
    ((unix_micros({{ to_timestamp }}) - unix_micros({{ from_timestamp }})) * 0.000001)
{%- endmacro %}


{#- Whole days of 24 hours between two timestamps, rounded down. -#}
{% macro whole_days(from_timestamp, to_timestamp) -%}
    cast(floor({{ lead_qualification.elapsed_seconds(from_timestamp, to_timestamp) }} / 86400) as integer)
{%- endmacro %}


{#- First day of the timestamp's month, as a date. -#}
{% macro month_of(timestamp) -%}
    cast({{ dbt.date_trunc('month', timestamp) }} as date)
{%- endmacro %}


{#- The instant in UTC of a local time in an IANA zone. A local time that a clock change leaves out
    or repeats is the later of the two instants that it could mean. -#}
{% macro utc_from_local(local_timestamp, time_zone) -%}
    {{ return(adapter.dispatch('utc_from_local', 'lead_qualification')(local_timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__utc_from_local(local_timestamp, time_zone) -%}
    (({{ local_timestamp }}) at time zone {{ time_zone }}) at time zone 'UTC'
{%- endmacro %}

{#- Spark takes the earlier of two instants; the other has the offset that is in force a day later. -#}
{% macro spark__utc_from_local(local_timestamp, time_zone) -%}
    {%- set earlier = 'to_utc_timestamp(' ~ local_timestamp ~ ', ' ~ time_zone ~ ')' -%}
    {%- set day_later = '(' ~ earlier ~ " + interval '1' day)" -%}
    {%- set later = '((' ~ local_timestamp ~ ') - (from_utc_timestamp(' ~ day_later ~ ', ' ~ time_zone ~ ') - ' ~ day_later ~ '))' -%}
    greatest(
        {{ earlier }},
        case when from_utc_timestamp({{ later }}, {{ time_zone }}) = {{ local_timestamp }} then {{ later }} end
    )
{%- endmacro %}


{#- Seconds between two timestamps as a decimal with six places, for exact sums. -#}
{% macro exact_seconds(from_timestamp, to_timestamp) -%}
    cast({{ lead_qualification.elapsed_seconds(from_timestamp, to_timestamp) }} as decimal(18, 6))
{%- endmacro %}


{#- First day (Monday) of the timestamp's week, as a date. -#}
{% macro week_of(timestamp) -%}
    cast({{ dbt.date_trunc('week', timestamp) }} as date)
{%- endmacro %}


{#- Calendar days from the date of one timestamp to that of another. -#}
{% macro calendar_days(from_timestamp, to_timestamp) -%}
    {{ return(adapter.dispatch('calendar_days', 'lead_qualification')(from_timestamp, to_timestamp)) }}
{%- endmacro %}

{% macro default__calendar_days(from_timestamp, to_timestamp) -%}
    (cast({{ to_timestamp }} as date) - cast({{ from_timestamp }} as date))
{%- endmacro %}

{% macro spark__calendar_days(from_timestamp, to_timestamp) -%}
    datediff({{ to_timestamp }}, {{ from_timestamp }})
{%- endmacro %}


{#- So many calendar months later. -#}
{% macro add_months(timestamp, months) -%}
    {{ return(adapter.dispatch('add_months', 'lead_qualification')(timestamp, months)) }}
{%- endmacro %}

{% macro default__add_months(timestamp, months) -%}
    ({{ timestamp }} + ({{ months }}) * interval '1 month')
{%- endmacro %}

{#- Days of 24 hours between two timestamps, with their fraction; in double precision. -#}
{% macro elapsed_days(from_timestamp, to_timestamp) -%}
    cast({{ lead_qualification.elapsed_seconds(from_timestamp, to_timestamp) }} as {{ lead_qualification.type_double() }}) / 86400
{%- endmacro %}
