{#-
    Raw cells to types. raw_table gives a cell as trimmed text, an empty one as null; each macro
    here takes the name of such a column and gives null where the text cannot be read.
    The last two are for cells that arrive typed.
-#}

{#- Text of a closed list, compared in lower case. -#}
{% macro as_code(column) -%}
    lower({{ column }})
{%- endmacro %}


{#- An e-mail address as it is compared: lower case. -#}
{% macro as_address(column) -%}
    lower({{ column }})
{%- endmacro %}


{#- A domain as it is compared: lower case, without a leading www. -#}
{% macro as_domain(column) -%}
    nullif({{ lead_qualification.regexp_replace_all('lower(' ~ column ~ ')', '^www[.]', '') }}, '')
{%- endmacro %}


{#- true/false/t/f/1/0/yes/no in any case. -#}
{% macro as_boolean(column) -%}
    case
            when lower({{ column }}) in ('true', 't', '1', 'yes') then true
            when lower({{ column }}) in ('false', 'f', '0', 'no') then false
        end
{%- endmacro %}


{#- A whole number; 51.0 is one, 51.5 is not. -#}
{% macro as_integer(column) -%}
    case
            when {{ lead_qualification.regexp_like(column, '^[+-]?[0-9]{1,9}([.]0*)?$') }}
                then cast(cast({{ column }} as decimal(18, 2)) as integer)
        end
{%- endmacro %}


{#- An amount of money with two decimals. -#}
{% macro as_amount(column) -%}
    case
            when {{ lead_qualification.regexp_like(column, '^[+-]?[0-9]{1,15}([.][0-9]*)?$') }}
                then cast({{ column }} as decimal(18, 2))
        end
{%- endmacro %}


{#-
    A timestamp in UTC, without zone. Reads 2026-03-01, 2026-03-01 10:00, 2026-03-01 10:00:00
    with T or a blank between, up to nine decimals of a second (six are kept), and at the end
    nothing, Z, UTC or an offset such as +02:00, +0200, +02. The pattern knows the calendar, so
    that the cast cannot fail: not every engine has a cast that gives null instead of an error.
-#}
{% macro as_timestamp(column) -%}
    {%- set time = lead_qualification.regexp_replace_all('substr(' ~ column ~ ', 12)', '[ UuZz+-].*$', '') -%}
    {#- Everything after the time without colons: +0200, or +0000 for Z and UTC. -#}
    {%- set offset = "replace(replace(replace(replace(" ~ lead_qualification.regexp_replace_all(
        'substr(' ~ column ~ ', 12)', '^[0-9:.]* ?', '') ~ ", ':', ''), 'Z', '+00'), 'z', '+00'), 'UTC', '+00')" -%}
    case
            when {{ lead_qualification.regexp_like(column, lead_qualification.timestamp_pattern('')) }}
                then {{ lead_qualification.timestamp_of_text('replace(substr(replace(' ~ column ~ ", 'T', ' '), 1, 26), 't', ' ')") }}
            when {{ lead_qualification.regexp_like(column, lead_qualification.timestamp_pattern(' ?([Zz]|UTC|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)')) }}
                then {{ lead_qualification.add_seconds(
                    lead_qualification.timestamp_of_text('substr(' ~ column ~ ", 1, 10) || ' ' || substr(" ~ time ~ ', 1, 15)'),
                    'case substr(' ~ offset ~ ", 1, 1) when '-' then 60 when '+' then -60 end"
                    ~ ' * (60 * cast(substr(' ~ offset ~ ', 2, 2) as integer)'
                    ~ ' + cast(substr(' ~ offset ~ " || '00', 4, 2) as integer))") }}
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


{#- Whether a stored type is one that a column of the contract can take as it is. -#}
{% macro arrives_typed(stored_type, data_type) -%}
    {{ return(stored_type in lead_qualification.stored_types().get(data_type, [])) }}
{%- endmacro %}


{#- A cell that arrives typed, within the bounds that a text has too. -#}
{% macro typed_cell(column) -%}
    {%- set name, data_type = column.name, column.data_type -%}
    {%- if data_type == 'boolean' -%}
        {{ name }}
    {%- elif data_type in ('date', 'timestamp') -%}
    case
            when
                cast({{ name }} as timestamp) >= cast('1000-01-01 00:00:00' as timestamp)
                and cast({{ name }} as timestamp) < cast('3000-01-01 00:00:00' as timestamp)
                then cast({{ name }} as {{ data_type }})
        end
    {%- else -%}
    {%- set limit = '1000000000' if data_type == 'integer' else '1000000000000000' -%}
    case when {{ name }} > -{{ limit }} and {{ name }} < {{ limit }} then cast({{ name }} as {{ data_type }}) end
    {%- endif -%}
{%- endmacro %}
