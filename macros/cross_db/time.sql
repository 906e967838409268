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


{#- First day of the timestamp's month in the time zone of the reports, as a date. -#}
{% macro month_of(timestamp) -%}
    cast({{ dbt.date_trunc('month', lead_qualification.report_time(timestamp)) }} as date)
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


{#- First day (Monday) of the timestamp's week in the time zone of the reports, as a date. -#}
{% macro week_of(timestamp) -%}
    cast({{ lead_qualification.start_of_week(lead_qualification.report_time(timestamp)) }} as date)
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


{#- The Monday of the timestamp's week, 00:00, as a timestamp. -#}
{% macro start_of_week(timestamp) -%}
    {{ return(adapter.dispatch('start_of_week', 'lead_qualification')(timestamp)) }}
{%- endmacro %}

{% macro default__start_of_week(timestamp) -%}
    {{ dbt.date_trunc('week', timestamp) }}
{%- endmacro %}


{#- A timestamp from a text such as 2026-03-01, 2026-03-01 10:00 or 2026-03-01 10:00:00.123. -#}
{% macro timestamp_of_text(expression) -%}
    {{ return(adapter.dispatch('timestamp_of_text', 'lead_qualification')(expression)) }}
{%- endmacro %}

{% macro default__timestamp_of_text(expression) -%}
    cast({{ expression }} as timestamp)
{%- endmacro %}


{#-
    utc_from_local for engines that take another instant near a clock change, or do not say which:
    one candidate by the offset of the day before, one by that of the day after. The later is meant,
    unless only the earlier has that local time.
-#}
{% macro utc_from_offsets(local_timestamp, time_zone) -%}
    {%- set candidates = [] -%}
    {%- for days in [-1, 1] -%}
        {%- set nearby = lead_qualification.add_days(local_timestamp, days) -%}
        {%- do candidates.append(lead_qualification.add_seconds(
            local_timestamp,
            lead_qualification.elapsed_seconds(lead_qualification.local_from_utc(nearby, time_zone), nearby))) -%}
    {%- endfor -%}
    {%- set earlier = 'least(' ~ candidates | join(', ') ~ ')' -%}
    {%- set later = 'greatest(' ~ candidates | join(', ') ~ ')' -%}
    case
        when {{ lead_qualification.local_from_utc(later, time_zone) }} <> {{ local_timestamp }}
            and {{ lead_qualification.local_from_utc(earlier, time_zone) }} = {{ local_timestamp }}
            then {{ earlier }}
        else {{ later }}
    end
{%- endmacro %}

{#- The local time in an IANA zone of an instant in UTC. -#}
{% macro local_from_utc(timestamp, time_zone) -%}
    {{ return(adapter.dispatch('local_from_utc', 'lead_qualification')(timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__local_from_utc(timestamp, time_zone) -%}
    (({{ timestamp }}) at time zone 'UTC') at time zone {{ time_zone }}
{%- endmacro %}

{% macro spark__local_from_utc(timestamp, time_zone) -%}
    from_utc_timestamp({{ timestamp }}, {{ time_zone }})
{%- endmacro %}


{#- The IANA zone that months, weeks and days of reports are of. -#}
{% macro reporting_time_zone() %}
    {%- set time_zone = var('reporting_time_zone', 'UTC') or 'UTC' -%}
    {%- if time_zone not in modules.pytz.all_timezones -%}
        {{ exceptions.raise_compiler_error(
            "The var reporting_time_zone is '" ~ time_zone ~ "'; it is a name such as Europe/Berlin or UTC.") }}
    {%- endif -%}
    {{ return(time_zone) }}
{% endmacro %}


{#- The local time of the reports of an instant in UTC. -#}
{% macro report_time(timestamp) -%}
    {%- set time_zone = lead_qualification.reporting_time_zone() -%}
    {{ return(timestamp if time_zone == 'UTC'
        else lead_qualification.local_from_utc(timestamp, lead_qualification.text_literal(time_zone))) }}
{%- endmacro %}


{#- The instant in UTC of a local time of the reports. -#}
{% macro instant_of_report(local_timestamp) -%}
    {%- set time_zone = lead_qualification.reporting_time_zone() -%}
    {{ return(local_timestamp if time_zone == 'UTC'
        else lead_qualification.utc_from_local(local_timestamp, lead_qualification.text_literal(time_zone))) }}
{%- endmacro %}
