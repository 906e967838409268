{#-
    Raw cells to types. raw_table gives a cell as trimmed text, an empty one as null; each macro
    here takes the name of such a column and gives null where the text cannot be read.
    The last two are for cells that arrive typed.
-#}

{#- Text of a closed list, compared in lower case. -#}
{% macro as_code(column) -%}
    lower({{ column }})
{%- endmacro %}


{#- true/false, t/f, yes/no, y/n, on/off, 1/0, 1.0/0.0 in any case. -#}
{% macro as_boolean(column) -%}
    case
            when lower({{ column }}) in ('true', 't', '1', '1.0', 'yes', 'y', 'on') then true
            when lower({{ column }}) in ('false', 'f', '0', '0.0', 'no', 'n', 'off') then false
        end
{%- endmacro %}


{#-
    Pattern of a number of so many digits at most before the point: with a currency sign or code
    on either side, and commas or blanks between groups of three digits.
    signs: those that it may have.
-#}
{% macro number_pattern(digits, decimals, signs='+-') -%}
    {%- set currency = '([A-Za-z]{3}|[A-Za-z]{0,2}[$\u00a2-\u00a5\u20a0-\u20bf])' -%}
    {%- set blank = '[ \u00a0\u202f]' -%}
    {%- set grouped = '[0-9]{1,3}([,\u0020\u00a0\u202f][0-9]{3}){1,' ~ (digits // 3 - 1) ~ '}' -%}
    {%- set sign = '[' ~ signs ~ ']' -%}
    {{- '^(' ~ sign ~ '?' ~ blank ~ '?' ~ currency ~ blank ~ '?|' ~ currency ~ blank ~ '?' ~ sign ~ '|' ~ sign ~ '?)'
        ~ '([0-9]{1,' ~ digits ~ '}|' ~ grouped ~ ')' ~ decimals ~ '(' ~ blank ~ '?' ~ currency ~ ')?$' -}}
{%- endmacro %}

{#- The number alone, of a text that the pattern fits. -#}
{% macro digits_of(column) -%}
    cast({{ lead_qualification.regexp_replace_all(column, '[^0-9.+-]+', '') }} as decimal(18, 2))
{%- endmacro %}


{#- A whole number in the range of counts; 51.0 is one, 51.5 is not. signs: as in number_pattern. -#}
{% macro as_integer(column, signs='+-') -%}
    case
            when {{ lead_qualification.regexp_like(column, lead_qualification.number_pattern(lead_qualification.whole_digits('count'), '([.]0*)?', signs)) }}
                then cast({{ lead_qualification.digits_of(column) }} as integer)
        end
{%- endmacro %}


{#- An amount of money with two decimals, in the range of amounts. signs: as in number_pattern. -#}
{% macro as_amount(column, signs='+-') -%}
    case
            when {{ lead_qualification.regexp_like(column, lead_qualification.number_pattern(lead_qualification.whole_digits('amount'), '([.][0-9]*)?', signs)) }}
                then {{ lead_qualification.digits_of(column) }}
        end
{%- endmacro %}


{#-
    A timestamp in UTC, without zone. Reads 2026-03-01, 2026-03-01 10:00, 2026-03-01 10:00:00
    with T or a blank between, up to nine decimals of a second (six are kept), and at the end
    nothing, Z, UTC or an offset such as +02:00, +0200, +02. The pattern knows the calendar, so
    that the cast cannot fail: not every engine has a cast that gives null instead of an error.
    time_zone: the IANA zone of a time without one; none: UTC.
    date_alone: last_second where a date without a time is the last second of that day (or as_of,
    if that is earlier on it), otherwise the first.
-#}
{% macro as_timestamp(column, time_zone=none, date_alone=none) -%}
    {%- set time = lead_qualification.regexp_replace_all('substr(' ~ column ~ ', 12)', '[ UuZz+-].*$', '') -%}
    {#- Everything after the time without colons: +0200, or +0000 for Z and UTC. -#}
    {%- set offset = "replace(replace(replace(replace(" ~ lead_qualification.regexp_replace_all(
        'substr(' ~ column ~ ', 12)', '^[0-9:.]* ?', '') ~ ", ':', ''), 'Z', '+00'), 'z', '+00'), 'UTC', '+00')" -%}
    case
            when {{ lead_qualification.regexp_like(column, lead_qualification.timestamp_pattern('')) }}
                then {{ lead_qualification.placed_time(
                    lead_qualification.timestamp_of_text('replace(substr(replace(' ~ column ~ ", 'T', ' '), 1, 26), 't', ' ')"),
                    'length(' ~ column ~ ') = 10', time_zone, date_alone) }}
            when {{ lead_qualification.regexp_like(column, lead_qualification.timestamp_pattern(' ?([Zz]|UTC|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)')) }}
                then {{ lead_qualification.add_seconds(
                    lead_qualification.timestamp_of_text('substr(' ~ column ~ ", 1, 10) || ' ' || substr(" ~ time ~ ', 1, 15)'),
                    'case substr(' ~ offset ~ ", 1, 1) when '-' then 60 when '+' then -60 end"
                    ~ ' * (60 * cast(substr(' ~ offset ~ ', 2, 2) as integer)'
                    ~ ' + cast(substr(' ~ offset ~ " || '00', 4, 2) as integer))") }}
        end
{%- endmacro %}


{#-
    A time without a zone in UTC. is_date: the condition that it is a date alone.
-#}
{% macro placed_time(time, is_date, time_zone, date_alone) -%}
    {%- if date_alone == 'last_second' -%}
        {%- set starts = lead_qualification.in_utc(time, time_zone) -%}
        {%- set ends = lead_qualification.in_utc(lead_qualification.add_seconds(time, 86399), time_zone) -%}
        {%- set now = lead_qualification.as_of() -%}
        case
                        when not ({{ is_date }}) then {{ starts }}
                        when {{ starts }} <= {{ now }} and {{ now }} < {{ ends }} then {{ now }}
                        else {{ ends }}
                    end
    {%- else -%}
        {{ lead_qualification.in_utc(time, time_zone) }}
    {%- endif -%}
{%- endmacro %}

{% macro in_utc(time, time_zone) -%}
    {{ lead_qualification.utc_from_local(time, lead_qualification.text_literal(time_zone)) if time_zone else time }}
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


{#- Whether a stored type is one that a column of the contract can take as it is. -#}
{% macro arrives_typed(stored_type, data_type) -%}
    {{ return(stored_type in lead_qualification.stored_types().get(data_type, [])) }}
{%- endmacro %}


{#- A cell that arrives typed, within the bounds that a text has too. -#}
{% macro typed_cell(column, stored_type, time_zone=none) -%}
    {%- set name, data_type = column.name, column.data_type -%}
    {%- if data_type == 'boolean' -%}
        {{ name }}
    {%- elif data_type in ('date', 'timestamp') -%}
    case
            when
                cast({{ name }} as timestamp) >= cast('1000-01-01 00:00:00' as timestamp)
                and cast({{ name }} as timestamp) < cast('3000-01-01 00:00:00' as timestamp)
                then {{ 'cast(' ~ name ~ ' as date)' if data_type == 'date' else lead_qualification.placed_time(
                    'cast(' ~ name ~ ' as timestamp)', 'true' if stored_type == 'date' else 'false',
                    time_zone, column.date_alone) }}
        end
    {%- else -%}
    {%- set limit = lead_qualification.largest('count' if data_type == 'integer' else 'amount') -%}
    case when {{ name }} between {{ '0' if column.quantity else '-' ~ limit }} and {{ limit }} then cast({{ name }} as {{ data_type }}) end
    {%- endif -%}
{%- endmacro %}
