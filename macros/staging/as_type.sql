{#-
    Raw cells to types. Each takes the name of a raw column, reads it as text and gives null
    where the text cannot be read; problem_unreadable tells the two kinds of null apart.
-#}

{#- Trimmed text; empty becomes null. -#}
{% macro as_text(column) -%}
    nullif({{ lead_qualification.trim_whitespace('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') }}, '')
{%- endmacro %}


{#- Text of a closed list, compared in lower case. -#}
{% macro as_code(column) -%}
    lower({{ lead_qualification.as_text(column) }})
{%- endmacro %}


{#- An e-mail address as it is compared: lower case, trimmed. -#}
{% macro as_address(column) -%}
    lower({{ lead_qualification.as_text(column) }})
{%- endmacro %}


{#- A domain as it is compared: lower case, trimmed, without a leading www. -#}
{% macro as_domain(column) -%}
    nullif({{ lead_qualification.regexp_replace_all(lead_qualification.as_code(column), '^www[.]', '') }}, '')
{%- endmacro %}


{#- true/false/t/f/1/0/yes/no in any case. -#}
{% macro as_boolean(column) -%}
    case
        when {{ lead_qualification.as_code(column) }} in ('true', 't', '1', 'yes') then true
        when {{ lead_qualification.as_code(column) }} in ('false', 'f', '0', 'no') then false
    end
{%- endmacro %}


{#- A whole number; 51.0 is one, 51.5 is not. -#}
{% macro as_integer(column) -%}
    case
        when {{ lead_qualification.regexp_like(lead_qualification.as_text(column), '^[+-]?[0-9]{1,9}([.]0*)?$') }}
            then cast(cast({{ lead_qualification.as_text(column) }} as decimal(18, 2)) as integer)
    end
{%- endmacro %}


{#- An amount of money with two decimals. -#}
{% macro as_amount(column) -%}
    case
        when {{ lead_qualification.regexp_like(lead_qualification.as_text(column), '^[+-]?[0-9]{1,15}([.][0-9]*)?$') }}
            then cast({{ lead_qualification.as_text(column) }} as decimal(18, 2))
    end
{%- endmacro %}


{#-
    A timestamp in UTC, without zone. Reads 2026-03-01, 2026-03-01 10:00, 2026-03-01 10:00:00
    with T or a blank between, up to nine decimals of a second (six are kept), and at the end
    nothing, Z, UTC or an offset such as +02:00, +0200, +02. The pattern knows the calendar, so
    that the cast cannot fail: not every engine has a cast that gives null instead of an error.
-#}
{% macro as_timestamp(column) -%}
    {%- set text = lead_qualification.as_text(column) -%}
    {%- set time_and_zone = 'substr(' ~ text ~ ', 12)' -%}
    {%- set time = lead_qualification.regexp_replace_all(time_and_zone, '[ UuZz+-].*$', '') -%}
    {%- set zone = lead_qualification.regexp_replace_all(time_and_zone, '^[0-9:.]* ?', '') -%}
    {%- set offset = "replace(substr(" ~ zone ~ ", 2), ':', '')" -%}
    case
        when {{ lead_qualification.regexp_like(text, lead_qualification.timestamp_pattern('')) }}
            then cast(replace(substr(replace({{ text }}, 'T', ' '), 1, 26), 't', ' ') as timestamp)
        when {{ lead_qualification.regexp_like(text, lead_qualification.timestamp_pattern(' ?([Zz]|UTC)')) }}
            then cast(substr({{ text }}, 1, 10) || ' ' || substr({{ time }}, 1, 15) as timestamp)
        when {{ lead_qualification.regexp_like(text, lead_qualification.timestamp_pattern(' ?[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?')) }}
            then {{ lead_qualification.add_seconds(
                'cast(substr(' ~ text ~ ", 1, 10) || ' ' || substr(" ~ time ~ ', 1, 15) as timestamp)',
                "case when substr(" ~ zone ~ ", 1, 1) = '-' then 1 else -1 end"
                ~ ' * (3600 * cast(substr(' ~ offset ~ ', 1, 2) as integer)'
                ~ " + 60 * cast(coalesce(nullif(substr(" ~ offset ~ ", 3, 2), ''), '0') as integer))") }}
    end
{%- endmacro %}


{#- A time of the years 1000 to 2999 that the calendar has; without a zone the time is optional. -#}
{% macro timestamp_pattern(zone) -%}
    {%- set time = '[ Tt]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?' -%}
    {{- '^' ~ lead_qualification.date_pattern() ~ ('(' ~ time ~ ')?' if zone == '' else time ~ zone) ~ '$' -}}
{%- endmacro %}

{% macro date_pattern() -%}
    {{- '([12][0-9]{3}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])'
        ~ '|[12][0-9]{3}-(0[469]|11)-(0[1-9]|[12][0-9]|30)'
        ~ '|[12][0-9]{3}-02-(0[1-9]|1[0-9]|2[0-8])'
        ~ '|([12][0-9](0[48]|[2468][048]|[13579][26])|(1[26]|2[048])00)-02-29)' -}}
{%- endmacro %}


{#- A calendar date; the time of day, if there is one, is dropped. -#}
{% macro as_date(column) -%}
    cast({{ lead_qualification.as_timestamp(column) }} as date)
{%- endmacro %}
